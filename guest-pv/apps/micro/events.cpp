// SPDX-License-Identifier: MIT
// From before a send to the first instruction of the handler, on the same vcpu.
#include "guest-pv/apps/micro/measure.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"

extern "C" {
void micro_upcall();
u64 micro_upcall_at = 0;
unsigned char* micro_upcall_pending = nullptr;
}

namespace micro {

using namespace rt;

void events() {
    callback_register_t cb{};
    cb.type = CALLBACKTYPE_event;
    cb.address = hypercall::address(reinterpret_cast<void const*>(&micro_upcall));
    evtchn_bind_ipi_t ipi{};
    if (!hypercall::callback_op(CALLBACKOP_register, cb) ||
        !hypercall::event_channel_op(EVTCHNOP_bind_ipi, ipi))
        return;
    auto& shared = rt::shared_info();
    auto& info = shared.vcpu_info[0];
    micro_upcall_pending = &info.evtchn_upcall_pending;
    evtchn_unmask_t unmask{ipi.port};
    (void)hypercall::event_channel_op(EVTCHNOP_unmask, unmask);
    evtchn_send_t send{ipi.port};
    u64 total = 0;
    for (unsigned i = 0; i <= rounds; ++i) {
        __atomic_store_n(&info.evtchn_upcall_pending, 0, __ATOMIC_SEQ_CST);
        __atomic_store_n(&info.evtchn_upcall_mask, 0, __ATOMIC_SEQ_CST);
        u64 const start = counter();
        hypercall::raw(__HYPERVISOR_event_channel_op, EVTCHNOP_send, hypercall::address(&send));
        if (i != 0)
            total += micro_upcall_at - start - overhead() / 2;
        __atomic_store_n(&info.evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);
        __atomic_fetch_and(&shared.evtchn_pending[ipi.port / 64], ~(1ul << ipi.port % 64), __ATOMIC_SEQ_CST);
    }
    print("evtchn_send_to_upcall", total, rounds);
    evtchn_close_t close{ipi.port};
    (void)hypercall::event_channel_op(EVTCHNOP_close, close);
}

}  // namespace micro
