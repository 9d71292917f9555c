// SPDX-License-Identifier: MIT
// What `sink` answers, and `source` waits for.
#pragma once

#include <array>

#include "kernel/base/types.hpp"

// An Ethernet frame of the type that is free for experiments, with the number
// of frames that came. One that is addressed to the sink itself asks for that.
struct [[gnu::packed]] Credit {
    std::array<u8, 6> to{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    std::array<u8, 6> from{};
    std::array<u8, 2> type{0x88, 0xb5};
    u64 frames = 0;
};

constexpr u64 credit_every = 32;
// Frames that are counted; shorter ones are the network's small talk.
constexpr usize least_length = 1000;
