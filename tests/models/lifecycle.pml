/* SPDX-License-Identifier: MIT */
/* LC-1 LC-2: a domain's record is freed once, behind the last reference, whoever looks for it meanwhile */

/* A domain that has died is looked up by one CPU, let go of by another, and
 * reaped by two. Stands for kernel/domain/registry.cpp (find, reap,
 * unlist_if_forgotten), DomainRef and kernel/sync/rcu.cpp. */

bool listed = true;         /* the place in the table */
byte refs = 2;              /* the table's, and one that somebody holds */
bool dead;                  /* Domain::Life */
bool freed;

bool inside[5];             /* RcuReader, by process */
#define LOOK assert(!freed)

#ifdef BUG_no_grace_period
#define SYNCHRONIZE skip
#else
/* rcu::synchronize: each reader has been seen outside, one after the other. */
#define SYNCHRONIZE !inside[0]; !inside[1]; !inside[3]; !inside[4]
#endif

/* DomainRef::try_take: never from none */
inline try_take(taken) {
#ifdef BUG_taken_from_none
    LOOK;
    refs++;
    taken = true
#else
    atomic { LOOK; taken = refs > 0; if :: taken -> refs++ :: else fi }
#endif
}

active [2] proctype Finder() {
    bool found, taken;
    inside[_pid] = true;
    found = listed;
    if
    :: found ->
        if
        :: dead || !dead ->         /* its life, read from the record */
            LOOK;
            try_take(taken)
        fi
    :: else -> taken = false
    fi;
    inside[_pid] = false;
    if
    :: taken ->
        LOOK;                       /* used while it is held */
        refs--
    :: else
    fi
}

active proctype Holder() {
    LOOK;
    dead = true;                    /* bury() */
    LOOK;
    refs--
}

active [2] proctype Reaper() {
    bool mine;
    inside[_pid] = true;
    if
    :: listed ->
        LOOK;
        if
        :: dead ->
            /* DomainRef::end: from the table's own reference to none */
#ifdef BUG_ended_by_two
            mine = refs <= 1;
            refs = (mine -> 0 : refs)
#else
            atomic { mine = refs == 1; if :: mine -> refs = 0 :: else fi }
#endif
        :: else
        fi;
        if :: mine -> listed = false :: else fi
    :: else
    fi;
    inside[_pid] = false;
    if
    :: mine ->
        SYNCHRONIZE;
        assert(!freed && refs == 0);
        freed = true
    :: else
    fi
}
