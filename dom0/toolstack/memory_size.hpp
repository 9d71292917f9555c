// SPDX-License-Identifier: MIT
// Sizes of memory as people type them behind xl's verbs.
#pragma once

#include <optional>
#include <string_view>

#include "kernel/base/types.hpp"

namespace toolstack {

// In KiB. A number of MiB, or with a letter: 512, 512m, 1g, 524288k.
std::optional<u64> parse_memory_size(std::string_view text);

}  // namespace toolstack
