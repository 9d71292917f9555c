// SPDX-License-Identifier: MIT
// Handing control to a guest's handlers: the bounce frame (EX-3).
#pragma once

#include <optional>

#include "arch/pv/vcpu_state.hpp"

namespace pv {

// Where a bounce goes and whether it masks events on the way.
struct Target {
    u64 address = 0;
    bool masks_events = false;
};

// Builds a bounce frame on the guest's kernel stack and points the vcpu at the
// target. A guest without a handler or a usable stack is crashed.
void bounce(Vcpu& v, arch::Frame& f, Target to, std::optional<u32> error = {});
// The failsafe frame: selectors or an iret frame that could not be loaded.
struct Selectors {
    u16 ds, es, fs, gs;
};
void bounce_failsafe(Vcpu& v, arch::Frame& f, Selectors const& wanted);

// Through the virtual trap table, with the error code where the vector has one.
void reflect(Vcpu& v, arch::Frame& f, unsigned vector, u32 error = 0);
// #GP(0) and #UD, the usual answers.
void inject_gp(Vcpu& v, arch::Frame& f);

// Switches between guest-kernel and guest-user mode: GS base and root.
void toggle_mode(Vcpu& v);

// Events and NMIs that are due for the running vcpu.
void deliver_pending(Vcpu& v, arch::Frame& f);

}  // namespace pv
