// SPDX-License-Identifier: MIT
// Who we are: our own version, and the version of Xen whose ABI we speak.
#pragma once

#include <string_view>

namespace version {

inline constexpr int abi_major = 4;
inline constexpr int abi_minor = 17;
inline constexpr std::string_view extra = ".0-granite";  // behind "4.17", 15 characters at most
inline constexpr std::string_view granite = "0.1";

// None: the same source makes the same image on any day.
inline constexpr std::string_view build_date = "";

// The commit this was built from, "unknown" outside of a repository.
std::string_view build_id();

// The hypervisor's own command line, as the boot loader gave it.
std::string_view command_line();
void set_command_line(std::string_view text);

}  // namespace version
