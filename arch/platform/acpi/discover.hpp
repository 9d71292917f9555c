// SPDX-License-Identifier: MIT
// All that this machine's firmware tells by ACPI, gathered once.
#pragma once

#include "arch/platform/acpi/tables.hpp"

namespace acpi {

struct Machine {
    bool found = false;  // a usable root pointer
    std::optional<Interrupts> interrupts;
    std::optional<Maddr> hpet;
    ConfigWindows config_windows;
    std::optional<Power> power;
    std::optional<SleepType> soft_off;
    unsigned damaged = 0;  // tables that were skipped
};

// `from_loader`: the root pointer's bytes if the boot loader passed them.
Machine discover(std::span<u8 const> from_loader);

}  // namespace acpi
