// SPDX-License-Identifier: MIT
// One direction of a byte ring shared with another domain: free-running
// indices in shared memory over a buffer whose size is a power of two. What
// the other side writes is read once; an impossible distance between the
// indices counts as an empty, or a full, ring.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>

#include "kernel/base/types.hpp"

namespace rt {

class ByteRing {
  public:
    ByteRing(std::span<char> buffer, u32& consumer, u32& producer)
        : buffer_{buffer}, consumer_{consumer}, producer_{producer} {}

    // Bytes that fitted or were there; the caller notifies when it is not 0.
    usize put(std::span<char const> bytes) {
        u32 const producer = load(producer_);
        usize const count = std::min<usize>(bytes.size(), buffer_.size() - distance(producer));
        copy(producer, bytes.first(count), [](char* in_ring, char const& byte) { *in_ring = byte; });
        store(producer_, producer + static_cast<u32>(count));
        return count;
    }

    usize take(std::span<char> into) {
        u32 const consumer = load(consumer_);
        u32 const available = load(producer_) - consumer;
        usize const count = available > buffer_.size() ? 0 : std::min<usize>(into.size(), available);
        copy(consumer, into.first(count), [](char const* in_ring, char& byte) { byte = *in_ring; });
        store(consumer_, consumer + static_cast<u32>(count));
        return count;
    }

    // Nothing to take; room for nothing.
    [[nodiscard]] bool empty() const { return load(producer_) == load(consumer_); }
    [[nodiscard]] bool full() const { return distance(load(producer_)) == buffer_.size(); }

  private:
    static u32 load(u32 const& index) { return __atomic_load_n(&index, __ATOMIC_SEQ_CST); }
    // After all accesses to the bytes it hands over, before any notification.
    static void store(u32& index, u32 value) { __atomic_store_n(&index, value, __ATOMIC_SEQ_CST); }

    [[nodiscard]] usize distance(u32 producer) const {
        return std::min<usize>(producer - load(consumer_), buffer_.size());
    }

    template <class Span, class Move>
    void copy(u32 at, Span bytes, Move move) const {
        for (auto& byte : bytes)
            move(&buffer_[at++ & (buffer_.size() - 1)], byte);
    }

    std::span<char> buffer_;
    u32& consumer_;
    u32& producer_;
};

}  // namespace rt
