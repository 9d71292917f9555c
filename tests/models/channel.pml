/* SPDX-License-Identifier: MIT */
/* EV-3: what is sent through a channel that closes never shows at its number's next owner */

/* Port 0 of domain B is the other side of a channel of A, which sends. B closes
 * it and gets the number again for something else that nobody raises. Stands
 * for kernel/domain/channel_ops.cpp (close_pair, free_port), events.cpp (send,
 * raise) and kernel/sync/rcu.cpp. */

mtype = { free, unbound, interdomain, virq };

mtype sender_side = interdomain;    /* A's channel */
mtype port_state = interdomain;     /* B's port */
bool pending;                       /* in B's shared page */
bool port_in_use = true;
bool opened_again;

bool inside[2];                     /* RcuReader, of each sender */
byte through;                       /* senders that have ended */

/* rcu::synchronize: each reader has been seen outside, one after the other. One
 * that comes back later finds the channel disconnected. */
#ifdef BUG_no_grace_period
#define SYNCHRONIZE skip
#else
#define SYNCHRONIZE !inside[0]; !inside[1]
#endif

active [2] proctype Sender() {
    mtype seen;
    byte times;
    do
    :: times == 2 -> break
    :: times < 2 ->
        inside[_pid] = true;
        seen = sender_side;
        if
        :: seen == interdomain -> pending = true        /* raise() */
        :: else                                         /* nobody is there */
        fi;
        inside[_pid] = false;
        times++
    od;
    through++
}

active proctype Closer() {
    sender_side = unbound;
    /* free_port() */
    port_state = free;
#ifdef BUG_cleared_too_early
    pending = false;
    SYNCHRONIZE;
#else
    SYNCHRONIZE;
    pending = false;
#endif
    port_in_use = false;
    /* EventChannels::allocate and bind_virq, by anybody */
    atomic { !port_in_use -> port_in_use = true };
    port_state = virq;
    opened_again = true;
    through == 2;
    assert(!pending)
}
