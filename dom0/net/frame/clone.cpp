// SPDX-License-Identifier: MIT
#include "dom0/net/frame/clone.hpp"

#include <algorithm>
#include <cstring>

namespace frame {

namespace {

// Behind what the copy has. False when buffers run out.
bool append_bytes(nic::Packet& copy, std::span<std::byte const> bytes, nic::PacketPool& pool) {
    while (!bytes.empty()) {
        if (copy.last().room() == 0) {
            auto more = pool.take();
            if (!more)
                return false;
            copy.append(std::move(more));
        }
        nic::Packet const& last = copy.last();
        auto const count = static_cast<u16>(std::min<usize>(bytes.size(), last.room()));
        std::memcpy(last.data + last.length, bytes.data(), count);
        copy.grow(count);
        bytes = bytes.subspan(count);
    }
    return true;
}

}  // namespace

nic::PacketRef clone(nic::Packet const& original, nic::PacketPool& pool, u16 headroom) {
    auto copy = pool.take();
    if (!copy)
        return {};
    copy->begin_at(headroom);
    for (nic::Packet const* buffer = &original; buffer != nullptr; buffer = buffer->next())
        if (!append_bytes(*copy, buffer->head(), pool))
            return {};
    copy->checksum = original.checksum;
    copy->layers = original.layers;
    copy->segment_bytes = original.segment_bytes;
    copy->sender = original.sender;
    return copy;
}

}  // namespace frame
