// SPDX-License-Identifier: MIT
// What one unprivileged domain may occupy of the store (invariant XS-08).
#pragma once

#include "kernel/base/types.hpp"

namespace xenstore {

namespace quota {
inline constexpr usize nodes = 1000;
inline constexpr usize node_bytes = 2048;  // value of one node
inline constexpr usize memory_bytes = 2'500'000;
inline constexpr usize permissions = 5;  // entries of one node
inline constexpr usize watches = 128;
inline constexpr usize transactions = 10;
inline constexpr usize transaction_nodes = 1024;       // touched by one transaction
inline constexpr usize outstanding_bytes = 64 * 1024;  // waiting to be read by the domain
}  // namespace quota

// What the nodes of one owner add up to.
struct Usage {
    usize nodes = 0;
    usize bytes = 0;
    bool operator==(Usage const&) const = default;
};

}  // namespace xenstore
