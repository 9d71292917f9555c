// SPDX-License-Identifier: MIT
// What the domain builder told this guest: the start_info page, read once.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "kernel/abi/xen.hpp"

namespace rt {

start_info_t const& start_info();
shared_info_t& shared_info();

// The first domain of the machine: its console is a hypercall, it has no
// xenstore of its own yet and may drive the hardware.
bool is_initial_domain();

std::string_view command_line();

// Value of the word `key=value` of the command line; empty when absent.
std::string_view command_line_option(std::string_view key);

// The module loaded beside the kernel ("ramdisk"); empty when there is none.
std::span<std::byte const> boot_module();

}  // namespace rt
