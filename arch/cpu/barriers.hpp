// SPDX-License-Identifier: MIT
// The processor's own barriers against what speculation carries from one guest to
// another, and to and from the hypervisor. Chosen once (speculation.hpp).
#pragma once

#include <string_view>

#include "arch/cpu/msr.hpp"
#include "arch/cpu/speculation.hpp"

namespace arch {

extern Barriers barriers;

// What entry.S does on the way to a guest besides restoring registers: nothing
// (0), page-table isolation (1), or clearing buffers first (-1), with isolation
// or without.
extern "C" s8 exit_steps;

// On the boot CPU, when it is known whether isolation is on; says what it chose,
// and what this processor is left without.
void choose_barriers(std::string_view command_line);
// On each CPU, afterwards.
void set_up_barriers();

// Branches that one vcpu trained do not steer another.
inline void forget_branches() {
    constexpr u64 ibpb = 1;
    wrmsr(Msr::pred_cmd, ibpb);
}

// For the ways to a guest that do not go through return_to_guest.
void clear_buffers_if_wanted();

}  // namespace arch
