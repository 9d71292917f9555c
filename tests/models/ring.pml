/* SPDX-License-Identifier: MIT */
/* NB-01 ND-4: a consumer that sleeps beside work is woken, however seldom it asks to be told */

/* One end of a shared ring writes requests and notifies only when it was asked
 * to; the other takes them, asks to be told of the next one, and sleeps. Stores
 * may reach the other end late, as on real processors. Stands for
 * dom0/net/netback/back_ring.hpp (expect, pending), guest-pv/net/front_ring.hpp
 * and xen/io/ring.h. */

#define REQUESTS 4

byte produced;              /* req_prod in the page */
byte event = 1;             /* req_event in the page */
bool notified;              /* the event channel */
byte consumed;

/* One store under way at each end; DRAIN is the barrier. */
bool late_produced, late_event;
byte next_produced, next_event;
#define DRAIN_PRODUCED !late_produced
#define DRAIN_EVENT    !late_event

active proctype Bus() {
end:
    do
    :: atomic { late_produced -> produced = next_produced; late_produced = false }
    :: atomic { late_event -> event = next_event; late_event = false }
    od
}

active proctype Producer() {
    byte before, now;
    do
    :: now == REQUESTS -> break
    :: now < REQUESTS ->
        before = now;
        if                              /* one request, or two at once */
        :: now++
        :: now + 2 <= REQUESTS -> now = now + 2
        fi;
        atomic { !late_produced -> next_produced = now; late_produced = true };
#ifndef BUG_no_barrier_behind_the_producer
        DRAIN_PRODUCED;
#endif
        /* RING_PUSH_REQUESTS_AND_CHECK_NOTIFY */
        if
        :: before < event && event <= now -> notified = true
        :: else
        fi
    od
}

active proctype Consumer() {
    byte there;
    do
    :: consumed == REQUESTS -> break
    :: else ->
        there = produced;
        assert(there >= consumed && there - consumed <= REQUESTS);
        consumed = there;
        if
        :: consumed < REQUESTS ->
            /* BackRing::expect */
            atomic { !late_event -> next_event = consumed + 1; late_event = true };
#ifndef BUG_no_barrier_behind_the_wish
            DRAIN_EVENT;
#endif
#ifdef BUG_no_second_look
            atomic { notified -> notified = false }
#else
            if
            :: produced == consumed -> atomic { notified -> notified = false }
            :: produced != consumed         /* there will be no event */
            fi
#endif
        :: else
        fi
    od
}
