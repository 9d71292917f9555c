/* SPDX-License-Identifier: MIT */
/* EV-6 EV-7: an event that is pending and not masked is always told of */

/* One sender against a guest that masks, handles and unmasks, as its kernel and
 * EVTCHNOP_unmask do together. Stands for kernel/domain/events.cpp (raise,
 * select, unmask) and the upcall loop of guest-pv/rt/event. */

#define SENDS 3

bool pending, masked, selected, upcall;     /* words of the shared page */
byte sent, handled;
bool sleeping;

inline tell() {
    atomic { if :: !selected -> selected = true; upcall = true :: else fi }
}

active proctype Sender() {
    bool was;
    do
    :: sent == SENDS -> break
    :: sent < SENDS ->
        sent++;
        atomic { was = pending; pending = true };
        if
        :: !was && !masked -> tell()
        :: else
        fi
    od
}

inline unmask() {
#ifdef BUG_looks_before_it_unmasks
    was_pending = pending;
    masked = false;
#else
    masked = false;
    was_pending = pending;
#endif
    if :: was_pending -> tell() :: else fi
}

/* The guest takes an upcall: it masks the port, clears it, handles all that was
 * sent until then, and unmasks. */
active proctype Guest() {
    byte target;
    bool was_pending;
end:
    do
    :: upcall ->
        upcall = false;
        atomic { was_pending = selected; selected = false };
        if
        :: was_pending && pending && !masked ->
            masked = true;
            pending = false;
            target = sent;
            handled = target;
            unmask()
        :: else
        fi
    :: handled == SENDS && !pending -> break
    od
}

/* At rest the guest sleeps only when there is nothing left. */
active proctype Watch() {
    timeout -> assert(handled == SENDS)
}
