// SPDX-License-Identifier: MIT
// The pool: a free list through the packets, last in first out, so that the
// buffer used next is the one most likely still in the cache.
#include "drivers/net/pool.hpp"

#include "drivers/net/lender.hpp"

namespace nic {

Result<std::unique_ptr<PacketPool>> PacketPool::create(usize packets) {
    std::unique_ptr<PacketPool> pool{new PacketPool};
    pool->packets_.resize(packets);
    for (Packet& packet : pool->packets_) {
        pool->pages_.push_back(TRY(io::DmaMemory::allocate(buffer_bytes)));
        pool->reclaim(packet);
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

void PacketPool::reclaim(Packet& buffer) {
    auto const& page = pages_[static_cast<usize>(&buffer - packets_.data())];
    buffer.data = page.bytes().data();
    buffer.at = page.maddr();
    buffer.lent.reset();
}

void PacketPool::give_back_lent(Packet& frame) {
    std::exchange(frame.lender, nullptr)->returned(frame);
    for (Packet* buffer = frame.next(); buffer != nullptr; buffer = buffer->next())
        if (buffer->lent)
            reclaim(*buffer);
    give_back(frame);
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
    if (packet_->lender != nullptr)
        packet_->pool_->give_back_lent(*packet_);
    else
        packet_->pool_->give_back(*packet_);
}

}  // namespace nic
