// SPDX-License-Identifier: MIT
// What the boot loader told us, in one form whatever protocol it spoke. arch/boot
// fills it after checking; kernel/init reads it.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

struct BootModule {
    Maddr start{};
    u64 size = 0;
    std::string_view cmdline;  // in hypervisor memory; arguments only, without the file's name
    std::string_view name;
};

struct MemoryRange {
    Maddr start{};
    u64 size = 0;
    u32 type = 0;  // 1 RAM, else as in the e820 map
};

struct BootInfo {
    std::string_view loader;
    std::string_view cmdline;
    std::span<MemoryRange const> memory;  // sorted, disjoint
    std::span<BootModule const> modules;  // disjoint, inside RAM
    std::span<u8 const> rsdp;             // copy of ACPI's root pointer; empty: look for it
};

// Start of the portable part; called once by arch with interrupts off, on the
// boot CPU, when mm::init_frames, add_free and m2p are done and time runs.
[[noreturn]] void kernel_main(BootInfo const& info);
