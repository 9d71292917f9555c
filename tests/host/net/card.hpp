// SPDX-License-Identifier: MIT
// A card in memory, for those who use one: it gives stations queues of their
// own, switches between them, and does what nic.hpp says in the simplest way.
// What it does wrong it does because a test says so.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"

namespace devices {

class Card;

class CardQueue final : public nic::OwnQueue {
  public:
    CardQueue(Card& card, nic::Station station, nic::OwnWake wake)
        : card_{card}, station_{station}, wake_{std::move(wake)} {}
    CardQueue(CardQueue const&) = delete;
    CardQueue& operator=(CardQueue const&) = delete;
    ~CardQueue() override;

    [[nodiscard]] u32 room() const override {
        return places - static_cast<u32>(posted_.size() + done_.size());
    }
    void post(std::span<Maddr const> pages) override;
    u32 completed(std::span<nic::Filled> into) override;
    void steer() override { steered_ = true; }
    u32 transmit(std::span<nic::PacketRef> packets) override;
    bool arm() override;
    Result<u32> retire() override;
    [[nodiscard]] nic::QueueCounters const& counters() const override { return counters_; }

    [[nodiscard]] nic::Mac mac() const { return station_.mac; }
    [[nodiscard]] bool steered() const { return steered_; }
    void take(std::span<std::byte const> frame);

    static constexpr u32 places = 511;

  private:
    Card& card_;
    nic::Station station_;
    nic::OwnWake wake_;
    std::deque<Maddr> posted_;
    std::deque<nic::Filled> done_;
    nic::QueueCounters counters_;
    bool steered_ = false;
    bool armed_ = false;
};

class Card final : public nic::Nic {
  public:
    explicit Card(nic::PacketPool& pool) : pool_{pool} {}

    nic::Offload can{.checksum = true, .segmentation = true};
    u32 longest = nic::frame_bytes(1500);
    u16 stations = 7;
    bool up = true;
    bool unstoppable = false;                  // a queue cannot be proven stopped
    std::vector<std::vector<std::byte>> sent;  // over the wire
    u16 pairs = 1;                             // of common queues, known to who gets the card
    std::vector<u16> sent_by;                  // which of them, packet by packet
    // What it says of frames for the common queue.
    nic::Checksum checksum = nic::Checksum::unknown;
    u16 segment_bytes = 0;
    usize room = ~usize{0};  // packets that it takes at a time

    // A frame from the wire.
    void wire(std::span<std::byte const> frame, u16 queue = 0);

    [[nodiscard]] std::string_view driver() const override { return "model"; }
    [[nodiscard]] nic::Mac mac() const override { return {{2, 0, 0, 0, 0, 1}}; }
    [[nodiscard]] u16 queues() const override { return pairs; }
    [[nodiscard]] bool link_up() const override { return up; }
    [[nodiscard]] nic::Offload offload() const override { return can; }
    [[nodiscard]] u32 max_frame() const override { return longest; }
    [[nodiscard]] nic::Counters const& counters() const override { return counters_; }
    u32 receive(u16 queue, std::span<nic::PacketRef> into) override;
    u32 transmit(u16 queue, std::span<nic::PacketRef> packets) override;
    bool arm(u16 queue) override { return pending(queue); }
    [[nodiscard]] bool pending(u16 queue) const override {
        auto const it = common_.find(queue);
        return it != common_.end() && !it->second.empty();
    }
    void tick(Nanos) override {}
    void ask_reset() override { ++counters_.resets; }
    [[nodiscard]] u16 own_queues() const override { return stations; }
    Result<std::unique_ptr<nic::OwnQueue>> own_queue(nic::Station const& station, nic::OwnWake wake) override;

  private:
    friend class CardQueue;
    // From `source`, null for the common queue, to stations and to the wire.
    void switch_frame(std::vector<std::byte> frame, CardQueue const* source);
    // To whom it belongs inside; true when that is one station alone.
    bool deliver(std::span<std::byte const> frame, CardQueue const* source);
    void to_common(std::span<std::byte const> frame, u16 queue = 0);

    nic::PacketPool& pool_;
    std::vector<CardQueue*> own_;
    std::map<u16, std::deque<nic::PacketRef>> common_;  // by queue
    nic::Counters counters_;
};

}  // namespace devices
