// SPDX-License-Identifier: MIT
// Physical interrupts as the rest of arch/platform sees them; the core's view
// is kernel/machine/irq.hpp.
#pragma once

#include "arch/platform/acpi/tables.hpp"
#include "kernel/machine/irq.hpp"

namespace arch {

inline constexpr u8 serial_isa_irq = 4;  // COM1

void init_pirqs(std::span<acpi::Override const> wiring);

// Where an ISA interrupt is really wired.
u32 gsi_of_isa(u8 irq);
// Takes an input for the hypervisor's own use: no domain gets it until it is
// given back. inval: there is none such; busy: somebody has it.
Result<> claim_input(u32 gsi);
void release_input(u32 gsi);
// Opens one for the hypervisor, for good.
Result<> route_to_hypervisor(u32 gsi, u8 vector);

// Whose interrupt this vector is; false when it is nobody's. A level-triggered
// line is quiet from here until machine::eoi_pirq().
[[nodiscard]] bool take_device_interrupt(u8 vector, machine::Pirq& pirq);

}  // namespace arch
