// SPDX-License-Identifier: MIT
// Who we are: our own version, and the version of Xen whose ABI we speak.
#pragma once

#include <string_view>

namespace version {

inline constexpr int abi_major = 4;
inline constexpr int abi_minor = 17;
inline constexpr std::string_view extra = ".0-granite";  // behind "4.17", 15 characters at most
inline constexpr std::string_view granite = "0.1";

// Of this build; from the Makefile when it says so.
#ifdef GRANITE_BUILD_ID
inline constexpr std::string_view build_id = GRANITE_BUILD_ID;
#else
inline constexpr std::string_view build_id = "unknown";
#endif
#ifdef GRANITE_BUILD_DATE
inline constexpr std::string_view build_date = GRANITE_BUILD_DATE;
#else
inline constexpr std::string_view build_date = "";
#endif

// The hypervisor's own command line, as the boot loader gave it.
std::string_view command_line();
void set_command_line(std::string_view text);

}  // namespace version
