// SPDX-License-Identifier: MIT
// The clock that guests read: how to turn the time-stamp counter into system
// time, and what the wall clock said when system time was 0.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// Factor and shift such that ns = (ticks << shift) * mul >> 32; a negative
// shift shifts right. khz is not 0.
struct ClockScale {
    u32 mul = 0;
    s8 shift = 0;
};
ClockScale clock_scale(u32 khz);

// Fills the clock of one vcpu, wherever its vcpu_info and its time area are.
void publish_time(Vcpu& v);
// The same for all vcpus of a domain, and its wall clock: a guest may read both
// before its first instruction has run.
void publish_time(Domain& d);

// Sets the wall clock: Unix time at system time 0. Domains learn of it by
// publish_time().
void set_wallclock(Nanos at_boot);

}  // namespace domains
