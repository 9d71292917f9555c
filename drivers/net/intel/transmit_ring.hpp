// SPDX-License-Identifier: MIT
// Sending as Intel's gigabit chips do it, but for the registers and for how a
// chip is told what to do with a packet.
#pragma once

#include "drivers/net/intel/ring.hpp"
#include "drivers/net/nic.hpp"
#include "drivers/net/progress.hpp"

namespace nic::intel {

// The chip's own layout of the two kinds of descriptors.
struct TxFormat {
    // Where the headers are, and how to cut.
    Descriptor (*context)(Packet const&);
    // What each data descriptor says of the packet.
    io::Bits<TxData> (*command)(Packet const&);
};

class TransmitRing {
  public:
    static Result<TransmitRing> create(TxFormat const& format) {
        return TransmitRing{format, TRY(Ring::create())};
    }

    // From the start, empty.
    void clear();

    u32 transmit(std::span<PacketRef> packets, QueueCounters& counters);

    // Let go of what was sent.
    void reclaim();

    [[nodiscard]] bool idle() const { return in_flight() == 0; }
    // The oldest of what is in flight was sent.
    [[nodiscard]] bool pending() const { return !idle() && is_done(last_of_oldest()); }

    // Asked about once a second, with the state of the link.
    [[nodiscard]] bool stuck(Nanos now, bool link_up) {
        reclaim();
        return progress_.stands_still(now, link_up && !idle());
    }

    // Where the next descriptor goes.
    [[nodiscard]] u32 tail() const { return next_; }
    // The oldest one that is not taken back.
    [[nodiscard]] u32 clean() const { return clean_; }
    [[nodiscard]] std::optional<u32> place_of(Packet const& packet) const {
        return ring_.shadow().place_of(packet);
    }
    [[nodiscard]] Maddr maddr() const { return ring_.maddr(); }
    // Nothing is in flight any more, whatever the chip goes on to claim: the
    // packets, to be taken back.
    [[nodiscard]] Shadow& give_up() {
        clear();
        return ring_.shadow();
    }

  private:
    TransmitRing(TxFormat const& format, Ring ring) : format_{&format}, ring_{std::move(ring)} {}

    [[nodiscard]] u32 in_flight() const { return (next_ - clean_) % ring_size; }
    [[nodiscard]] u32 room() const { return ring_size - 1 - in_flight(); }
    [[nodiscard]] u32 last_of_oldest() const;
    [[nodiscard]] bool is_done(u32 place) const { return TxData::DD::in({ring_.done_word(place)}) != 0; }
    void put_context(Packet const& packet);
    void put_data(PacketRef& packet);

    TxFormat const* format_;
    Ring ring_;
    u32 next_ = 0;
    u32 clean_ = 0;         // the oldest one not reclaimed
    Descriptor context_{};  // what the chip was told last; zero is none
    Progress progress_;
};

}  // namespace nic::intel
