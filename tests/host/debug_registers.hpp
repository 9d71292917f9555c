// SPDX-License-Identifier: MIT
// The host's answer to arch/cpu/debug_registers.hpp: registers that hold what they are given.
#pragma once

#include <array>

#include "arch/cpu/debug_registers.hpp"

namespace host {

struct DebugRegisters {
    std::array<u64, 4> address{};
    u64 dr6 = arch::dr6_nothing;
    u64 dr7 = arch::dr7_none;
};
DebugRegisters& debug_registers();

}  // namespace host
