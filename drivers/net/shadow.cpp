// SPDX-License-Identifier: MIT
// Taking back what a card had, safely or not at all.
#include "drivers/net/shadow.hpp"

namespace nic {

void abandon(io::DmaMemory memory) {
    static std::vector<io::DmaMemory> abandoned;
    abandoned.push_back(std::move(memory));
}

u32 Shadow::clear() {
    u32 count = 0;
    for (PacketRef& packet : packets_) {
        count += packet ? 1 : 0;
        packet.reset();
    }
    return count;
}

u32 Shadow::leak() {
    abandon(memory_);
    u32 count = 0;
    for (PacketRef& packet : packets_) {
        count += packet ? 1 : 0;
        packet.leak();
    }
    return count;
}

std::optional<u32> Shadow::place_of(Packet const& packet) const {
    for (u32 place = 0; place < packets_.size(); ++place)
        if (packets_[place] && &*packets_[place] == &packet)
            return place;
    return std::nullopt;
}

}  // namespace nic
