// SPDX-License-Identifier: MIT
// Taking back what a card had, safely or not at all.
#include "drivers/net/shadow.hpp"

namespace nic {

namespace {

// Memory that a card which would not stop may still write to.
std::vector<io::DmaMemory>& abandoned() {
    static std::vector<io::DmaMemory> memory;
    return memory;
}

}  // namespace

u32 Shadow::clear() {
    u32 count = 0;
    for (PacketRef& packet : packets_) {
        count += packet ? 1 : 0;
        packet.reset();
    }
    return count;
}

u32 Shadow::leak() {
    abandoned().push_back(memory_);
    u32 count = 0;
    for (PacketRef& packet : packets_) {
        count += packet ? 1 : 0;
        packet.leak();
    }
    return count;
}

}  // namespace nic
