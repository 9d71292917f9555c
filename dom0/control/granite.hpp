// SPDX-License-Identifier: MIT
// Granite's one extension of the ABI. On another hypervisor every call here
// fails with Errno::nosys and the driver domain does without.
#pragma once

#include <string>
#include <string_view>

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace control::granite {

// The boot-time guests are started.
Result<> ready();
// What a command of the monitor answers.
Result<std::string> monitor(std::string_view command);
// Reports of the hypervisor call the domain by this name.
Result<> set_name(DomId domain, std::string_view name);

// Before a line that says itself who speaks, so that the hypervisor does not
// put "(d0)" in front of it.
inline constexpr char already_prefixed = '\x01';

}  // namespace control::granite
