// SPDX-License-Identifier: MIT
// What the traffic benchmark's generator and the program in the guest say to
// each other, over UDP unless it says TCP. All numbers are little-endian.
#pragma once

#include <cstdint>

namespace traffic {

// The guest says hello to the generator's port until something comes back.
constexpr std::uint16_t generator_port = 7000;
// UDP: takes datagrams, and answers each `credit_every`th with a Count of all
// so far; an empty one is not counted, and answered at once.
// TCP: takes what comes, for ever.
constexpr std::uint16_t sink_port = 7001;
// UDP: gives each datagram back.
constexpr std::uint16_t echo_port = 7002;
// UDP: takes an Order and sends what it says. TCP: sends for ever.
constexpr std::uint16_t source_port = 7003;

constexpr std::uint64_t credit_every = 32;

struct Count {
    std::uint64_t datagrams;
};

// The last of the datagrams is followed by an empty one.
struct Order {
    std::uint32_t datagrams;
    std::uint32_t length;
};

constexpr std::uint32_t most_payload = 1472;  // of one frame

}  // namespace traffic
