// SPDX-License-Identifier: MIT
// Where a queue of a card stands, for who follows frames: asked before and after
// a batch, it says which descriptors the batch had. The path knows nothing of it.
#pragma once

#include "kernel/base/types.hpp"

namespace nic {

struct Places {
    u16 queue = 0;     // the card's own number
    u32 received = 0;  // of the frame that is taken next
    u32 sent = 0;      // where the next one is put
    u32 cleaned = 0;   // the oldest that was put there and not taken back
    u32 size = 0;      // after which they begin again; zero: the driver does not say

    // How far it is.
    [[nodiscard]] u32 between(u32 first, u32 end) const { return size == 0 ? 0 : (end - first) % size; }
};

}  // namespace nic
