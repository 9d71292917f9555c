/* SPDX-License-Identifier: MIT */
/* GT-03 GT-04 GT-14: a granter that has ended a grant finds nobody using the page */

/* A granter ends a grant as soon as its bits let it, and uses the page for
 * something else, while two domains map it, one of them writing, and a third
 * copies. Stands for kernel/grant/table.cpp (pin, unpin, mark_used),
 * kernel/hypercall/grant_unmap.cpp, grant_copy.cpp, and, for the granter,
 * guest-pv/rt/grant/table.cpp (end). */

/* The shared entry: one word, changed by compare-and-exchange on both sides. */
bool permitted, reading, writing;

byte pins, write_pins;      /* the record, under the table's lock */
bool lock_taken;
bool reused;                /* the granter has the page for itself again */

#define LOCK   atomic { !lock_taken -> lock_taken = true }
#define UNLOCK lock_taken = false

/* GrantTable::pin. `wanted`: a use that writes. */
inline pin(granted, wanted) {
    LOCK;
    granted = true;
    if
    :: pins == 0 || (wanted && write_pins == 0) ->
#ifdef BUG_judged_before_marked
        granted = permitted;
        if
        :: granted -> reading = true; writing = writing || wanted
        :: else
        fi
#else
        atomic {                        /* mark_used() */
            granted = permitted;
            if
            :: granted -> reading = true; writing = writing || wanted
            :: else
            fi
        }
#endif
    :: else
    fi;
    if
    :: granted -> pins++; write_pins = write_pins + wanted
    :: else
    fi;
    UNLOCK
}

/* GrantTable::unpin: bits go with the last use of their kind. */
inline unpin(was) {
    LOCK;
    assert(pins > 0);
    pins--;
    write_pins = write_pins - was;
#ifdef BUG_bits_cleared_with_the_first
    reading = false;
    writing = false;
#else
    atomic {
        if :: was && write_pins == 0 -> writing = false :: else fi;
        if :: pins == 0 -> reading = false :: else fi
    };
#endif
    UNLOCK
}

proctype Mapper(bool writes) {
    bool granted, translated;
    pin(granted, writes);
    if
    :: granted ->
        translated = true;              /* the entry and, at once, a TLB */
        assert(!reused);
#ifdef BUG_unpinned_before_flushing
        unpin(writes);
        assert(!translated || !reused);
        translated = false
#else
        assert(!translated || !reused);
        translated = false;             /* take_out() and the flush */
        unpin(writes)                   /* give_back() */
#endif
    :: else
    fi
}

proctype Copier() {
    bool granted;
    pin(granted, false);
    if
    :: granted ->
        assert(!reused);
        unpin(false)
    :: else
    fi
}

proctype Granter() {
    bool ended;
    permitted = true;
    do
    :: ended -> break
    :: else ->
        atomic {                        /* end(): compare and exchange */
            if
            :: !reading && !writing -> permitted = false; ended = true
            :: else
            fi
        }
    od;
    reused = true;
    _nr_pr == 2;                        /* all others are through */
    assert(pins == 0 && write_pins == 0 && !reading && !writing)
}

init {
    atomic { run Granter(); run Mapper(false); run Mapper(true); run Copier() }
}
