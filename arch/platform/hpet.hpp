// SPDX-License-Identifier: MIT
// The high-precision event timer (IA-PC HPET specification 1.0a): a counter,
// and comparators that interrupt through an input of the IO-APIC.
#pragma once

#include <optional>

#include "kernel/base/types.hpp"

namespace arch::hpet {

// Maps it and lets it count; its rate. Nothing when it cannot be used.
std::optional<u64> start(Maddr where);
u32 read();

// A comparator that interrupts again and again; nothing when there is none.
struct Periodic {
    u32 comparator;
    u32 inputs;  // of the IO-APIC, by bit: where it may be wired to
};
std::optional<Periodic> find_periodic();
void begin(Periodic const& p, u32 input, u32 interrupts_per_second);
void end(Periodic const& p);

}  // namespace arch::hpet
