// SPDX-License-Identifier: MIT
// What the guest can be. Each is told within the network thread and goes on by
// lwIP's callbacks.
#pragma once

#include <lwip/tcp.h>

#include "kernel/base/types.hpp"

namespace flows {

inline constexpr u16 echo_port = 7;

// Says back what it hears, to everybody.
void serve();

struct Plan {
    ip4_addr_t peer;
    u16 port = echo_port;
    u32 flows = 1;
    u32 bytes = 1000;   // said at a time by each
    u32 pause_ms = 50;  // before it says more
};
void begin(Plan const& plan);

struct Score {
    u32 open = 0;
    u32 broken = 0;  // ended, or never came to be
    u64 bytes = 0;   // that came back as they were sent
    u64 wrong = 0;   // that did not
    u64 least = 0;   // bytes of the flow that got the fewest
};
Score score();

}  // namespace flows
