/* SPDX-License-Identifier: MIT */
/* PT-10 TLB-1 TLB-2: no CPU writes through a stale translation to a frame that has become a table */

/* One frame is mapped writable and unmapped by one vcpu while another makes a
 * table of it. Two CPUs fill their TLBs at any moment. Stands for
 * kernel/mm/page_type.cpp (retype), page_count.hpp, arch/mm/tlb.cpp. */

#define CPUS 2
#define ROUNDS 2

mtype = { writable, locked, table };

bool entry;                 /* the frame's page-table entry is there */
mtype type = writable;
byte uses;                  /* of it as writable */
byte stamp;                 /* PageInfo::tlb_stamp */
byte clock = 1;             /* of flushes, all CPUs' */

byte own[CPUS];             /* CpuLocal::tlb_clock */
bool in_guest[CPUS];        /* CpuLocal::guest_translations */
bool cached[CPUS];          /* a writable translation in the TLB */
byte asked[CPUS], answered[CPUS];
byte ended;

/* What the CPU does by itself and on its way in and out of guests. */
proctype Cpu(byte me) {
    byte number, request;
    do
    :: in_guest[me] && entry && asked[me] == answered[me] -> atomic { if :: entry -> cached[me] = true :: else fi }
    :: in_guest[me] && cached[me] -> atomic { if :: cached[me] -> assert(type != table) :: else fi }
    :: asked[me] != answered[me] ->         /* answer_flush() */
        request = asked[me];
        clock++;
        number = clock;
        cached[me] = false;
        own[me] = number;
        answered[me] = request
    :: in_guest[me] && asked[me] == answered[me] ->     /* enter_own_root() */
        cached[me] = false;
        in_guest[me] = false
    :: !in_guest[me] && ended < 2 ->                    /* enter_guest_root() */
        in_guest[me] = true;
#ifdef BUG_number_after_loading
        cached[me] = false;
        if :: entry -> cached[me] = true :: true fi;
        own[me] = clock
#else
        number = clock;
        cached[me] = false;
        if :: entry -> cached[me] = true :: true fi;    /* it walks at once */
        own[me] = number
#endif
    :: ended == 2 && !in_guest[me] && asked[me] == answered[me] -> break
    od
}

/* flush_stale() and machine::flush_tlb() */
inline flush_stale(cpu) {
    cpu = 0;
    do
    :: cpu < CPUS ->
        if
        :: in_guest[cpu] && !(own[cpu] > stamp) ->
            asked[cpu]++;
            answered[cpu] == asked[cpu]
        :: else
        fi;
        cpu++
    :: else -> break
    od
}

proctype Mapper() {
    byte round;
    do
    :: round == ROUNDS -> break
    :: round < ROUNDS ->
        if
        :: atomic { type == writable -> uses++ };
            entry = true;
            entry = false;
            /* mm::drop_writable: stamped before the count says that it is over */
#ifdef BUG_stamp_after_dropping
            uses--;
            stamp = clock
#else
            stamp = clock;
            uses--
#endif
        :: type != writable     /* refused */
        fi;
        round++
    od;
    ended++
}

proctype Promoter() {
    byte round, cpu;
    do
    :: round == ROUNDS -> break
    :: round < ROUNDS ->
#ifdef BUG_flush_before_locking
        flush_stale(cpu);
        if
        :: atomic { type == writable && uses == 0 -> type = locked }
#else
        if
        :: atomic { type == writable && uses == 0 -> type = locked };
            flush_stale(cpu)
#endif
            ;
            type = table;       /* its entries are believed from here on */
            stamp = clock;      /* leave_unused() */
            type = writable
        :: uses > 0             /* refused */
        fi;
        round++
    od;
    ended++
}

init {
    atomic { run Cpu(0); run Cpu(1); run Mapper(); run Promoter() }
}
