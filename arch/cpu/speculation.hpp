// SPDX-License-Identifier: MIT
// What a processor says about speculation, and which of its own barriers
// Granite uses on it. Decided from numbers alone, so it is the same on a host.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace arch {

// As CPUID and IA32_ARCH_CAPABILITIES have them; zero where there is no such leaf.
struct SpeculationFacts {
    bool intel = false, amd = false;
    u32 leaf7_b = 0, leaf7_d = 0;
    u64 arch_capabilities = 0;
    u32 ext8_b = 0;                // 0x80000008
    u32 ext21_a = 0, ext21_c = 0;  // 0x80000021
};

// What the command line allows; `spec-ctrl=` as Xen reads it.
struct SpeculationWishes {
    bool ibpb = true, ibrs = true, stibp = true;
    bool md_clear = true;
    bool md_clear_forced = false;  // also where the processor does not say that it clears
};
SpeculationWishes speculation_wishes(std::string_view command_line);

struct Barriers {
    bool ibpb = false;           // a write of PRED_CMD where another vcpu comes: it finds no trained branches
    bool auto_ibrs = false;      // AMD's bit in EFER that keeps predictions of ring 3 from ring 0
    u64 spec_ctrl = 0;           // what SPEC_CTRL holds from the start on; zero: not written
    bool clear_buffers = false;  // VERW on the way to a guest

    // What is left, by the processor's own word.
    bool ring0_is_steered = false;    // a guest trains branches of the hypervisor
    bool guests_are_steered = false;  // or of another guest
    bool buffers_leak = false;        // or samples what other code left in buffers
};
Barriers choose_barriers(SpeculationFacts const& facts, SpeculationWishes const& wishes);

// Which vcpu's branches a CPU has learned. Idle between two runs changes nothing.
class LastGuest {
    u64 serial_ = 0;

  public:
    // Whether another one comes than the last.
    bool replaced_by(u64 serial) {
        bool const other = serial != serial_;
        serial_ = serial;
        return other;
    }
};

}  // namespace arch
