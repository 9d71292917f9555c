// SPDX-License-Identifier: MIT
// The guest's console: the shared ring of a guest, or, for the initial domain
// and before the ring is found, the hypervisor's own serial line.
#pragma once

#include <span>
#include <string_view>

#include "guest-pv/rt/time.hpp"
#include "kernel/base/types.hpp"

namespace rt {

// Writes everything; waits for the reader when the ring is full.
void console_write(std::string_view text);

// Waits for input, reads what is there. Zero when `deadline` passed first.
usize console_read(std::span<char> into, Nanos deadline = never);

}  // namespace rt
