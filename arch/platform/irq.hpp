// SPDX-License-Identifier: MIT
// Interrupt vectors: who has which, and what happens when one arrives.
#pragma once

#include "arch/cpu/frame.hpp"

namespace arch {

namespace vector {
// 0x20..0x2f: where the legacy controllers would land; they are masked, and
// only their spurious interrupts can arrive. 0x80 is the guests' gate.
inline constexpr u8 first_device = 0x30, end_device = 0xf0;
inline constexpr u8 system_call_gate = 0x80;
inline constexpr u8 nmi = 2, timer = 0xf0, kick = 0xf1, flush = 0xf2, serial = 0xf3, apic_error = 0xfe,
                    spurious = 0xff;
}  // namespace vector

// Called by the entry code with interrupts off.
void handle_irq(u8 vector);
// On the NMI stack. Only hardware in trouble sends one, or a CPU that stops all others.
void handle_nmi(Frame& f);

}  // namespace arch
