// SPDX-License-Identifier: MIT
// The pool: a free list through the packets, last in first out, so that the
// buffer used next is the one most likely still in the cache.
#include "drivers/net/pool.hpp"

namespace nic {

static_assert(page_size % buffer_bytes == 0 && max_frame <= buffer_bytes);

Result<std::unique_ptr<PacketPool>> PacketPool::create(usize packets) {
    constexpr usize per_page = page_size / buffer_bytes;
    std::unique_ptr<PacketPool> pool{new PacketPool};
    pool->packets_.resize(round_up(packets, per_page));
    for (usize i = 0; i < pool->packets_.size(); ++i) {
        usize const offset = i % per_page * buffer_bytes;
        if (offset == 0)
            pool->pages_.push_back(TRY(io::DmaMemory::allocate(page_size)));
        Packet& packet = pool->packets_[i];
        packet.data = pool->pages_.back().bytes().data() + offset;
        packet.at = pool->pages_.back().maddr() + offset;
        packet.pool_ = pool.get();
        pool->give_back(packet);
    }
    return pool;
}

PacketRef PacketPool::take() {
    Packet* const packet = first_free_;
    if (packet == nullptr)
        return {};
    first_free_ = packet->next_free_;
    --free_;
    packet->holders_ = 1;
    packet->length = 0;
    packet->checksum = Checksum::unknown;
    return PacketRef{packet};
}

void PacketPool::give_back(Packet& packet) {
    packet.next_free_ = first_free_;
    first_free_ = &packet;
    ++free_;
}

void PacketRef::give_back() {
    packet_->pool_->give_back(*packet_);
}

}  // namespace nic
