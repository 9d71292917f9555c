// SPDX-License-Identifier: MIT
// IO-APICs (82093AA): wires of the board become vectors. An input is known by
// its global system interrupt number.
#pragma once

#include "arch/platform/acpi/tables.hpp"
#include "kernel/base/result.hpp"

namespace arch::io_apic {

// Finds the inputs and masks them all.
void init(std::span<acpi::IoApic const> apics);

[[nodiscard]] bool exists(u32 gsi);

struct Route {
    u8 vector;
    u32 apic_id;
    bool active_low;
    bool level;
};
// Programs an input, masked. inval: there is none such.
Result<> route(u32 gsi, Route r);
// The same for one whose edges are to be an NMI for all CPUs.
Result<> route_nmi_to_all(u32 gsi);
void mask(u32 gsi);
void unmask(u32 gsi);

}  // namespace arch::io_apic
