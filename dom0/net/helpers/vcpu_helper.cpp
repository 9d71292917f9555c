// SPDX-License-Identifier: MIT
#include "dom0/net/helpers/vcpu_helper.hpp"

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/start_vcpu.hpp"
#include "guest-pv/rt/event/bits.hpp"
#include "guest-pv/rt/grant/map.hpp"
#include "guest-pv/rt/hypercall.hpp"

namespace helpers {

namespace hypercall = rt::hypercall;

namespace {

constexpr usize stack_pages = 4;

// A port that is closed meanwhile belongs to a job whose owner no longer waits;
// one that is somebody else's by then is looked at once in vain.
void tell(EvtchnPort port) {
    evtchn_send_t request{.port = port.raw()};
    static_cast<void>(hypercall::event_channel_op(EVTCHNOP_send, request));
}

}  // namespace

Result<std::shared_ptr<Helper>> VcpuHelper::start(VcpuId vcpu) {
    if (!hypercall::vcpu_op(VCPUOP_is_up, vcpu))
        return Fail{Errno::noent};
    auto stack = TRY(rt::Pages::allocate(stack_pages));
    auto const stack_bytes = stack.bytes();
    evtchn_bind_ipi_t bound{.vcpu = vcpu.raw(), .port = 0};
    TRY_VOID(hypercall::event_channel_op(EVTCHNOP_bind_ipi, bound));
    rt::mask_port(EvtchnPort{bound.port});
    std::shared_ptr<VcpuHelper> helper{new VcpuHelper{EvtchnPort{bound.port}, std::move(stack)}};
    TRY_VOID(rt::start_vcpu(vcpu, entry, helper.get(), stack_bytes));
    return helper;
}

bool VcpuHelper::take(CopyJob& job) {
    if (!jobs_.give(job))
        return false;
    if (jobs_.must_wake())
        tell(wake_);
    return true;
}

// It may have to share this very processor.
void VcpuHelper::wait_for(CopyJob const& job) {
    while (!job.done())
        static_cast<void>(hypercall::sched_op(SCHEDOP_yield));
}

void VcpuHelper::entry(void* self) {
    for (;;)
        static_cast<VcpuHelper*>(self)->work();
}

void VcpuHelper::work() {
    while (CopyJob* const job = jobs_.take())
        if (auto const port = job->finish(rt::grant_copy))
            tell(*port);
    rt::clear_port(wake_);
    if (jobs_.may_sleep())
        sleep();
}

void VcpuHelper::sleep() const {
    evtchn_port_t port = wake_.raw();
    sched_poll_t poll{};
    poll.nr_ports = 1;
    set_xen_guest_handle(poll.ports, &port);
    static_cast<void>(hypercall::sched_op(SCHEDOP_poll, poll));
}

}  // namespace helpers
