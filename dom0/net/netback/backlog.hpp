// SPDX-License-Identifier: MIT
// Frames for a guest: those that wait, in the order they came, and before them
// those on their way. When some have to go, they are of a sender with at least
// its share of the places: who floods does not drop other senders' frames.
#pragma once

#include <array>

#include "drivers/net/packet.hpp"

namespace netback {

class Backlog {
  public:
    static constexpr u32 size = 256;  // that wait or are on their way

    [[nodiscard]] u32 waiting() const { return end_ - oldest_; }
    [[nodiscard]] u32 flying() const { return flying_; }
    // Of all these frames.
    [[nodiscard]] u32 buffers() const { return buffers_; }
    // Takes no more: so many are on their way, or so many were dropped from behind
    // these, which leaves gaps until they have landed.
    [[nodiscard]] bool full() const {
        return flying_ == size || end_ - (flying_ != 0 ? landing_ : oldest_) == places;
    }

    // Of those waiting, the oldest first.
    [[nodiscard]] nic::Packet const& at(u32 index) const { return *frames_[(oldest_ + index) % places]; }

    // All of these frames, as they will get there.
    template <class Visit>
    void for_each(Visit visit) const {
        for (u32 number = flying_ != 0 ? landing_ : oldest_; number != end_; ++number)
            if (nic::PacketRef const& frame = frames_[number % places])
                visit(*frame);
    }

    // Not when it is full, nor beyond its size.
    void push(nic::PacketRef&& frame);
    // One that waits; there is one.
    void drop();
    // Of those waiting, all of which `keep` says that they cannot stay.
    template <class Keep>
    u32 drop_unless(Keep keep) {
        u32 dropped = 0;
        for (u32 number = oldest_; number != end_; ++number)
            if (!keep(*place(number))) {
                remove(number);
                ++dropped;
            }
        return dropped;
    }
    // So many of those waiting are on their way now; none were before.
    void launch(u32 frames);
    // The oldest of those.
    [[nodiscard]] nic::PacketRef take_landed();

  private:
    static constexpr u32 places = 2 * size;

    [[nodiscard]] nic::PacketRef& place(u32 number) { return frames_[number % places]; }
    void remove(u32 victim);
    void forget_sender(u8 sender) { senders_ -= --held_[sender] == 0 ? 1 : 0; }

    std::array<nic::PacketRef, places> frames_{};
    // These only grow.
    u32 landing_ = 0;  // the first of those on their way, if there are any
    u32 oldest_ = 0;
    u32 end_ = 0;
    u32 flying_ = 0;
    u32 buffers_ = 0;
    std::array<u16, 256> held_{};  // places of each sender's that wait
    u32 senders_ = 0;              // with any
};

}  // namespace netback
