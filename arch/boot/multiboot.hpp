// SPDX-License-Identifier: MIT
// The information that Multiboot 1 and 2 boot loaders pass. It is read as
// hostile bytes: sizes, addresses and strings may be anything.
#pragma once

#include "arch/boot/boot_record.hpp"
#include "kernel/base/checked_bytes.hpp"

namespace boot {

// `memory` is physical memory from address 0 on, as far as it can be read.
// `magic` as the loader left it in EAX, `info` in EBX.
Outcome parse_multiboot(CheckedBytes memory, u32 magic, u32 info, BootRecord& record);

Outcome parse_multiboot1(CheckedBytes memory, u64 info, BootRecord& record);
Outcome parse_multiboot2(CheckedBytes memory, u64 info, BootRecord& record);

// What both protocols say of one module.
Outcome add_module(BootRecord& record, u32 start, u32 end, std::string_view command_line);

// Longest command line that is looked at.
inline constexpr u64 max_command_line = 4096;

}  // namespace boot
