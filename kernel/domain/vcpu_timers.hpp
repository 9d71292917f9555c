// SPDX-License-Identifier: MIT
// The timers of a vcpu: each one ends in VIRQ_TIMER, but for the time-out of
// SCHEDOP_poll.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// Once, at system time `deadline`; a past one raises the interrupt at once.
void set_singleshot_timer(Vcpu& v, Nanos deadline);
void stop_singleshot_timer(Vcpu& v);

// Ticks while the vcpu runs. Shorter periods than this are refused (SC-1).
inline constexpr Nanos min_period = 1'000'000;
void set_periodic_timer(Vcpu& v, Nanos period);
void stop_periodic_timer(Vcpu& v);
void resume_periodic_timer(Vcpu& v);

// Ends SCHEDOP_poll at `deadline`.
void set_poll_timer(Vcpu& v, Nanos deadline);
void stop_poll_timer(Vcpu& v);

// Times come from guests as 64-bit numbers; what does not fit is never (SC-1).
constexpr Nanos clamp_deadline(u64 ns) {
    return ns > u64{INT64_MAX} ? INT64_MAX : static_cast<Nanos>(ns);
}

}  // namespace domains
