// SPDX-License-Identifier: MIT
#include "kernel/domain/devices.hpp"

#include <algorithm>

#include "kernel/domain/registry.hpp"

AssignedFunction* DomainDevices::find(machine::PciFunction f) {
    auto const end = functions_.begin() + static_cast<std::ptrdiff_t>(count_);
    auto const it = std::find_if(functions_.begin(), end, [&](auto const& a) { return a.where() == f; });
    return it == end ? nullptr : &*it;
}

namespace domains {
namespace {

bool may_run_soon(Domain const& d) {
    return std::ranges::any_of(d.all_vcpus(), [](Vcpu const* v) { return v && v->initialised; });
}

Result<> allow_memory(PageOwner& owner, AssignedFunction const& function) {
    auto const before = owner.device_frames;
    for (FrameRange const& range : function.memory())
        if (!owner.device_frames.push(range)) {
            owner.device_frames = before;
            return Fail{Errno::nospc};
        }
    return {};
}

}  // namespace

bool is_assigned(machine::PciFunction f) {
    bool found = false;
    for_each([&](Domain& d) { found = found || d.devices.find(f) != nullptr; });
    return found;
}

Result<> assign_function(Domain& d, machine::PciFunction f) {
    if (may_run_soon(d) || is_assigned(f))
        return Fail{Errno::busy};
    auto const bars = TRY(machine::examine_function(f));
    AssignedFunction* const function = d.devices.add();
    if (!function)
        return Fail{Errno::nospc};
    function->begin(f, bars);
    if (auto const allowed = allow_memory(d.memory, *function); !allowed) {
        d.devices.drop_last();
        return allowed;
    }
    return {};
}

}  // namespace domains
