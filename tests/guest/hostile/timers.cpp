// SPDX-License-Identifier: MIT
#include <array>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/time.hpp"
#include "tests/guest/hostile/attacks.hpp"
#include "tests/guest/verdict.hpp"

namespace hostile {
namespace {

using namespace rt;

constexpr VcpuId me{0};
constexpr std::array moments{u64{1},       u64{1} << 32, u64{1} << 62, (u64{1} << 63) - 1,
                             u64{1} << 63, ~u64{0} - 1,  ~u64{0}};

void set_one_shot(u64 moment) {
    vcpu_set_singleshot_timer_t timer{};
    timer.timeout_abs_ns = moment;
    for (u32 const flags : {0u, u32{VCPU_SSHOTTMR_future}, ~0u}) {
        timer.flags = flags;
        static_cast<void>(hypercall::vcpu_op(VCPUOP_set_singleshot_timer, me, timer).has_value());
    }
}

void set_period(u64 period) {
    vcpu_set_periodic_timer_t timer{};
    timer.period_ns = period;
    static_cast<void>(hypercall::vcpu_op(VCPUOP_set_periodic_timer, me, timer).has_value());
}

}  // namespace

// SC-1: none of them fires without an end, and the clock goes on
void attack_by_timers() {
    Nanos const before = now();
    for (u64 const moment : moments) {
        CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_timer_op, moment), 0);
        set_one_shot(moment);
        set_period(moment);
    }
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_stop_periodic_timer, me), 0);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_stop_singleshot_timer, me), 0);
    CHECK(now() > before && now() - before < 600 * second);
    // The next one comes as ever.
    sched_poll_t poll{};
    poll.timeout = static_cast<u64>(now() + millisecond);
    CHECK_ANSWER(hypercall::sched_op(SCHEDOP_poll, poll), 0);
    CHECK(now() >= static_cast<Nanos>(poll.timeout));
}

}  // namespace hostile
