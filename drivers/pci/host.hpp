// SPDX-License-Identifier: MIT
// What PCI drivers ask of whoever hosts them. The driver domain answers with
// ports 0xcf8/0xcfc and PHYSDEVOP hypercalls, a unit test with a model.
#pragma once

#include "drivers/io/interrupt.hpp"
#include "drivers/pci/address.hpp"
#include "kernel/base/result.hpp"

namespace pci::host {

// One aligned word of configuration space; all ones where nothing answers.
u32 read32(Address at, u8 offset);
void write16(Address at, u8 offset, u16 value);
void write32(Address at, u8 offset, u32 value);

// Tells the hypervisor about a function before its interrupts are asked for.
Result<> announce(Address at);

// The vector table of MSI-X belongs to the hypervisor, which writes entry
// `entry` of the table inside the BAR that begins at `table_bar`.
Result<io::Interrupt> connect_msix(Address at, Maddr table_bar, u16 entry, io::InterruptHandler handler);

}  // namespace pci::host
