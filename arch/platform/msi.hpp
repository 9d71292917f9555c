// SPDX-License-Identifier: MIT
// Message-signalled interrupts of one PCI function (PCI 3.0, 6.8). Address and
// data are composed here and nowhere else (IO-5).
#pragma once

#include "kernel/machine/irq.hpp"

namespace arch {

// One programmed message. Where it can be masked depends on its kind.
struct Message {
    u8 bus = 0, devfn = 0;
    u8 capability = 0;              // its offset in configuration space
    u32 volatile* entry = nullptr;  // MSI-X: row of the table; null: plain MSI
};

// Programs the message, masked. nodev: no such function or capability, or its
// table is not where a device can have it; inval: no such entry.
Result<Message> program_message(machine::MsiRequest const& r, u8 vector, u32 apic_id);
void set_message_mask(Message const& m, bool masked);
// Masked for good; the function's other messages go on.
void retire_message(Message const& m);

}  // namespace arch
