// SPDX-License-Identifier: MIT
// Looking at each CPU at a steady rate, also where interrupts are off.
#pragma once

#include "kernel/base/result.hpp"
#include "kernel/base/symbols.hpp"

namespace machine {

// From now on profile::sample() is called on every CPU, about `hz` times a
// second, between any two instructions. nodev: nothing here can do it.
Result<> start_sampling(u32 hz);
void stop_sampling();

// The hypervisor's function that an address lies in.
Symbol function_at(u64 address);

}  // namespace machine
