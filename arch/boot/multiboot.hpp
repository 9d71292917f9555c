// SPDX-License-Identifier: MIT
// The information that Multiboot 1 and 2 boot loaders pass. It is read as
// hostile bytes: sizes, addresses and strings may be anything.
#pragma once

#include "arch/boot/boot_record.hpp"
#include "arch/boot/physical_bytes.hpp"

namespace boot {

// `magic` as the loader left it in EAX, `info` in EBX.
Outcome parse_multiboot(PhysicalBytes memory, u32 magic, u32 info, BootRecord& record);

Outcome parse_multiboot1(PhysicalBytes memory, u64 info, BootRecord& record);
Outcome parse_multiboot2(PhysicalBytes memory, u64 info, BootRecord& record);

// What both protocols say of one module.
Outcome add_module(BootRecord& record, u32 start, u32 end, std::string_view command_line);

// Longest command line that is looked at.
inline constexpr u64 max_command_line = 4096;

}  // namespace boot
