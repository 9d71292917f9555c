// SPDX-License-Identifier: MIT
// Frames that wait for a transmit queue of a card, made fit for it.
#pragma once

#include <algorithm>
#include <array>

#include "dom0/net/frame/adapt.hpp"
#include "drivers/net/nic.hpp"

namespace net {

class Outgoing {
  public:
    Outgoing(nic::Nic const& nic, nic::PacketPool& pool);

    // False when some of it found no room.
    bool enqueue(nic::PacketRef&& packet);

    // `transmit` takes frames from the front and says how many. True when some
    // are left that only trying again will move.
    template <class Transmit>
    bool flush(Transmit transmit) {
        if (count_ == 0)
            return false;
        u32 const sent = transmit(std::span{frames_}.first(count_));
        if (sent == 0)
            return false;
        std::ranges::move(std::span{frames_}.subspan(sent, count_ - sent), frames_.begin());
        count_ -= sent;
        buffers_ = 0;
        for (nic::PacketRef const& packet : std::span{frames_}.first(count_))
            buffers_ += packet->buffers();
        return count_ != 0;
    }

    void count_lost() { ++overruns_; }

    // All that wait go the other way.
    void hand_over(Outgoing& to);

    [[nodiscard]] u32 waiting() const { return count_; }
    [[nodiscard]] u32 room() const { return most_frames - count_; }
    // Frames that found the card's queue full, or that it cannot send.
    [[nodiscard]] u64 overruns() const { return overruns_; }

  private:
    static constexpr u32 most_frames = 256;
    static constexpr u32 most_buffers = 512;

    void adapt(nic::PacketRef&& packet);
    void append(nic::PacketRef&& frame);

    nic::PacketPool& pool_;
    frame::Takes takes_;
    std::array<nic::PacketRef, most_frames> frames_{};
    u32 count_ = 0;
    u32 buffers_ = 0;
    u64 overruns_ = 0;
};

}  // namespace net
