// SPDX-License-Identifier: MIT
// Emptying a ring, safely or for good.
#include "drivers/net/igb/ring.hpp"

namespace nic::igb {

namespace {

// Descriptor memory that a chip which would not stop may still write to.
std::vector<io::DmaMemory>& abandoned() {
    static std::vector<io::DmaMemory> memory;
    return memory;
}

}  // namespace

u32 Ring::leak() {
    abandoned().push_back(memory_);
    u32 count = 0;
    for (PacketRef& packet : shadow_) {
        count += packet ? 1 : 0;
        packet.leak();
    }
    return count;
}

u32 Ring::clear() {
    u32 count = 0;
    for (PacketRef& packet : shadow_) {
        count += packet ? 1 : 0;
        packet.reset();
    }
    return count;
}

}  // namespace nic::igb
