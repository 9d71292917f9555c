// SPDX-License-Identifier: MIT
// Which of several queues a frame takes: frames of one connection all take the
// same, so they stay in order.
#pragma once

#include <span>

#include "kernel/base/types.hpp"

namespace frame {

// Equal for frames between the same two ports of the same two hosts, in one
// direction. Zero for what is not IP.
u32 flow_hash(std::span<std::byte const> head);

}  // namespace frame
