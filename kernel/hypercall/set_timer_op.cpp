// SPDX-License-Identifier: MIT
// set_timer_op: the older way to arm a vcpu's one-shot timer.
#include "kernel/domain/vcpu_timers.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {

Answer set_timer_op(Vcpu& v, u64 deadline) {
    if (deadline == 0)
        domains::stop_singleshot_timer(v);
    else
        domains::set_singleshot_timer(v, domains::clamp_deadline(deadline));
    return 0;
}

}  // namespace hypercall
