// SPDX-License-Identifier: MIT
// From registers to typed handlers and back. hypercalls.inc is the list.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "kernel/domain/domain.hpp"

namespace hypercall {

inline constexpr unsigned table_size = 64;
inline constexpr unsigned max_args = 6;

using Args = std::array<u64, max_args>;

// Runs hypercall `nr` for `v`. The answer is what RAX gets; nothing when the
// call must be restarted, then `args` holds what to restart it with.
struct Outcome {
    bool restart = false;
    u64 value = 0;
};
Outcome dispatch(Vcpu& v, u64 nr, Args& args);
// For a call that reaches its handler by another way.
void count(Vcpu& v, u64 nr);

// A handler that returns Errno::restart first says with which arguments the
// rest is to be done; without that call they stay as they were.
void continue_with(std::span<u64 const> args);
template <class... A>
void continue_with_args(A... a) {
    std::array<u64, sizeof...(A)> const v{static_cast<u64>(a)...};
    continue_with(v);
}

// "" for numbers without a name.
std::string_view name(u64 nr);
// How often each was called since start-up.
u64 calls(u64 nr);

}  // namespace hypercall
