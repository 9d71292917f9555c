// SPDX-License-Identifier: MIT
#include "guest-pv/rt/event/bits.hpp"

#include "guest-pv/rt/boot.hpp"

namespace rt {

namespace {

constexpr usize word_of(EvtchnPort port) {
    return port.raw() / 64;
}
constexpr u64 bit_of(EvtchnPort port) {
    return u64{1} << port.raw() % 64;
}

}  // namespace

void mask_port(EvtchnPort port) {
    __atomic_fetch_or(&shared_info().evtchn_mask[word_of(port)], bit_of(port), __ATOMIC_SEQ_CST);
}

void clear_port(EvtchnPort port) {
    fetch_and_word(shared_info().evtchn_pending[word_of(port)], ~bit_of(port));
}

void unmask_port(EvtchnPort port) {
    auto& shared = shared_info();
    __atomic_fetch_and(&shared.evtchn_mask[word_of(port)], ~bit_of(port), __ATOMIC_SEQ_CST);
    if ((load_word(shared.evtchn_pending[word_of(port)]) & bit_of(port)) == 0)
        return;
    // While the port was masked the hypervisor left it at the pending bit.
    // With one virtual CPU no hypercall is needed for the other two.
    __atomic_fetch_or(&shared.vcpu_info[0].evtchn_pending_sel, u64{1} << word_of(port), __ATOMIC_SEQ_CST);
    __atomic_store_n(&shared.vcpu_info[0].evtchn_upcall_pending, u8{1}, __ATOMIC_SEQ_CST);
}

}  // namespace rt
