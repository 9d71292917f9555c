// SPDX-License-Identifier: MIT
// Frames between this guest and another station, and not those for everybody:
// what one end of a wire has sent, and the other received.
#pragma once

#include "kernel/base/types.hpp"

namespace flows {

// Of the only interface. Within the network thread.
void count_frames();

struct Frames {
    u64 sent = 0;
    u64 received = 0;
};
Frames frames();

}  // namespace flows
