// SPDX-License-Identifier: MIT
#include "kernel/domain/runstate.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "kernel/sched/sched.hpp"

namespace domains {
namespace {

static_assert(sizeof(vcpu_runstate_info) == 48);

vcpu_runstate_info abi_form(sched::Times const& t) {
    vcpu_runstate_info r{};
    r.state = static_cast<int>(t.state);
    r.state_entry_time = static_cast<u64>(t.entered);
    for (usize i = 0; i < t.total.size(); ++i)
        r.time[i] = static_cast<u64>(t.total[i]);
    return r;
}

}  // namespace

vcpu_runstate_info runstate(Vcpu& v) {
    sched::Times t = sched::times(v);
    t.total[static_cast<usize>(t.state)] += std::max<Nanos>(machine::now() - t.entered, 0);
    return abi_form(t);
}

// In the area, time counts up to the entry into the current state: the guest
// adds what has passed since. Guests that asked for it see a mark while the
// words do not belong together.
void publish_runstate(Vcpu& v) {
    if (!v.runstate_area.unlocked().registered())
        return;  // most often; the lock decides
    sched::Times const times = sched::times(v);
    auto const area = v.runstate_area.lock();
    if (!area->registered())
        return;
    vcpu_runstate_info r = abi_form(times);
    bool const mark = (v.domain.vm_assist >> VMASST_TYPE_runstate_update_flag & 1) != 0;
    constexpr u32 entry_at = offsetof(vcpu_runstate_info, state_entry_time);
    u64 const entry = r.state_entry_time;
    if (mark) {
        r.state_entry_time |= XEN_RUNSTATE_UPDATE;
        area->write(entry_at, r.state_entry_time);
        std::atomic_thread_fence(std::memory_order_release);
    }
    area->write(0, r);
    if (mark) {
        std::atomic_thread_fence(std::memory_order_release);
        area->write(entry_at, entry);
    }
}

}  // namespace domains
