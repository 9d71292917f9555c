/* SPDX-License-Identifier: MIT */
/* PT-08 PT-09 LC-1: validation stopped at any entry is resumed, given up or undone, and no count is lost */

/* Two vcpus pin and unpin a table of two entries, of which the second may be
 * bad; its owner may give the frame up at any moment. Stands for
 * kernel/mm/page_type.cpp and PageRef. */

#define ENTRIES 2

mtype = { unused, locked, partial, validated };
mtype = { ok, failed, restart };

mtype word = unused;        /* PageInfo::type_word without its count */
byte types;                 /* the count in it */
byte refs = 1;              /* PageInfo::refs; the owner's hold is one of them */
byte done;                  /* PageInfo::done: entries that hold references */
byte held[ENTRIES];         /* references that entries hold */
bool second_is_bad, freed;
byte through;               /* vcpus that have ended */

inline put_ref() {
    atomic {
        assert(refs > 0 && !freed);
        refs--;
        if
        :: refs == 0 ->
            freed = true;
            assert(types == 0 && word == unused && held[0] == 0 && held[1] == 0)
        :: else
        fi
    }
}

/* type_ops::validate and devalidate: stop between any two entries */
inline validate(result) {
    do
    :: done == ENTRIES -> result = ok; break
    :: done == 1 && second_is_bad -> result = failed; break
    :: done < ENTRIES && !(done == 1 && second_is_bad) ->
        held[done]++;
        assert(held[done] == 1);
        done++;
        if
        :: done < ENTRIES -> result = restart; break
        :: true
        fi
    od
}
inline devalidate(result) {
    do
    :: done == 0 -> result = ok; break
    :: done > 0 ->
        done--;
        assert(held[done] == 1);
        held[done]--;
        if
        :: done > 0 -> result = restart; break
        :: true
        fi
    od
}

inline leave_partial(was_partial) {
#ifdef BUG_reference_after_publishing
    word = partial;
    if :: !was_partial -> atomic { refs++ } :: else fi
#else
    if :: !was_partial -> atomic { refs++ } :: else fi;
    word = partial
#endif
}
inline leave_unused(was_partial) {
    atomic { types = 0; word = unused };
#ifdef BUG_partial_reference_kept
    skip
#else
    if :: was_partial -> put_ref() :: else fi
#endif
}

/* open(): the word is locked by us */
inline open_table(result, was_partial) {
    validate(result);
    if
    :: result == ok ->
        word = validated;
        if :: was_partial -> put_ref() :: else fi
    :: result == restart -> leave_partial(was_partial)
    :: else ->
        devalidate(undone);
        if
        :: undone == restart -> leave_partial(was_partial)
        :: else -> leave_unused(was_partial)
        fi
    fi
}

/* take_type() */
inline take_type(result) {
    if
    :: atomic { word == validated -> types++ }; result = ok
    :: atomic { word == partial -> word = locked }; open_table(result, true)
    :: atomic { word == unused -> word = locked; types = 1; done = 0 }; open_table(result, false)
    fi
}

/* put_other_type(): the last use closes the table */
inline put_type(result) {
    if
    :: atomic { word == validated && types > 1 -> types-- }; result = ok
    :: atomic { word == validated && types == 1 -> word = locked };
        devalidate(result);
        if
        :: result == restart -> leave_partial(false)
        :: else -> leave_unused(false)
        fi
    fi
}

/* close_partial(), as often as it takes */
inline close_partial(result) {
    do
    :: atomic { word == partial -> word = locked };
        devalidate(result);
        if
        :: result == restart -> leave_partial(true)
        :: else -> leave_unused(true)
        fi
    :: word != partial -> break
    od
}

active [2] proctype Vcpu() {
    mtype result, undone;
    bool holds;
    atomic { holds = refs > 0; if :: holds -> refs++ :: else fi };    /* PageRef::take_of */
    if
    :: holds ->
again:
        take_type(result);
        if
        :: result == ok ->
            assert(held[0] == 1 && held[1] == 1);
            put_type(result);
            if :: result == restart -> close_partial(result) :: else fi
        :: result == restart ->
            if
            :: goto again
            :: true         /* the guest never comes back */
            fi
        :: else -> close_partial(result)
        fi;
        put_ref()
    :: else
    fi;
    through++
}

active proctype Owner() {
    mtype result;
    if :: second_is_bad = true :: true fi;
    bool given_up;
    if :: given_up = true; put_ref() :: true fi;        /* mm::give_up_frame */
    through == 2;
    close_partial(result);                              /* mm::relinquish */
    assert(word == unused);
    if :: !given_up -> put_ref() :: else fi;
    assert(freed)
}
