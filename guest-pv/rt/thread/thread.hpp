// SPDX-License-Identifier: MIT
// Cooperative threads on the one virtual CPU. A thread runs until it waits,
// sleeps or yields, so data is only ever shared at points one can see.
#pragma once

#include <functional>
#include <string_view>

#include "guest-pv/rt/time.hpp"
#include "kernel/base/types.hpp"

namespace rt {

inline constexpr usize default_stack = 64 * 1024;

// Starts `body` behind the threads that are ready now. The stack is freed
// when it returns. `stack_bytes` is a multiple of 16.
void spawn(std::string_view name, std::function<void()> body, usize stack_bytes = default_stack);

// Let others run, and let pending events be handled.
void yield();

void sleep_until(Nanos instant);
void sleep_for(Nanos span);

}  // namespace rt
