// SPDX-License-Identifier: MIT
// The pool: a free list through the packets, last in first out, so that the
// buffer used next is the one most likely still in the cache.
#include "drivers/net/pool.hpp"

namespace nic {

Result<std::unique_ptr<PacketPool>> PacketPool::create(usize packets) {
    std::unique_ptr<PacketPool> pool{new PacketPool};
    pool->packets_.resize(packets);
    for (Packet& packet : pool->packets_) {
        auto const& page = pool->pages_.emplace_back(TRY(io::DmaMemory::allocate(buffer_bytes)));
        packet.data = page.bytes().data();
        packet.at = page.maddr();
        packet.pool_ = pool.get();
        pool->give_back(packet);
    }
    return pool;
}

PacketRef PacketPool::take() {
    Packet* const packet = first_free_;
    if (packet == nullptr)
        return {};
    first_free_ = packet->next_;
    --free_;
    packet->holders_ = 1;
    packet->next_ = nullptr;
    packet->begin_at(0);
    packet->checksum = Checksum::unknown;
    packet->segment_bytes = 0;
    return PacketRef{packet};
}

void PacketPool::give_back(Packet& packet) {
    packet.last().next_ = first_free_;
    first_free_ = &packet;
    free_ += packet.buffers_;
    if (packet.last_ == nullptr)
        return;
    packet.last_ = nullptr;
    packet.behind_ = 0;
    packet.buffers_ = 1;
}

void PacketRef::give_back() {
    packet_->pool_->give_back(*packet_);
}

}  // namespace nic
