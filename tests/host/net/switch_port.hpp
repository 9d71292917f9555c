// SPDX-License-Identifier: MIT
// A port of the switch that sends what it is told to and remembers what it got.
#pragma once

#include <cstring>
#include <deque>
#include <utility>
#include <vector>

#include "dom0/net/switch/switch.hpp"

namespace switch_port {

using Bytes = std::vector<std::byte>;
inline constexpr u8 everybody = 0xff;

// Sixty bytes between two stations, with a tag unless it is zero.
inline Bytes bytes(u8 from, u8 to, u8 tag = 0) {
    std::vector<u8> frame{2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from};
    if (to == everybody)
        std::fill_n(frame.begin(), 6, u8{0xff});
    if (tag != 0)
        frame.insert(frame.end(), {0x81, 0x00, 0x00, tag});
    frame.insert(frame.end(), {0x08, 0x00});
    frame.resize(tag != 0 ? 64 : 60);
    Bytes all(frame.size());
    std::memcpy(all.data(), frame.data(), frame.size());
    return all;
}

class Recorder final : public net::Port {
  public:
    explicit Recorder(nic::PacketPool& pool) : pool_{pool} {}

    net::PortId id{};
    std::deque<nic::PacketRef> to_send;
    std::vector<Bytes> received;
    nic::Vlans networks;  // heard of
    u64 lost = 0;
    bool slow = false;  // drops what it gets
    u32 armed = 0;      // how often
    Nanos look_at = 0;  // when it wants to be polled, once

    [[nodiscard]] nic::PacketRef frame(u8 from, u8 to, u8 tag = 0) const {
        auto const content = bytes(from, to, tag);
        auto packet = pool_.take();
        std::memcpy(packet->data, content.data(), content.size());
        packet->grow(static_cast<u16>(content.size()));
        return packet;
    }

    Polled poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos) override {
        Polled polled;
        for (u64 bytes = 0; polled.packets < into.size() && bytes < most_bytes && !to_send.empty();
             to_send.pop_front()) {
            bytes += to_send.front()->total();
            into[polled.packets++] = std::move(to_send.front());
        }
        polled.more = !to_send.empty();
        return polled;
    }
    void hear(nic::Vlans const& all) override { networks = all; }
    u32 enqueue(std::span<nic::PacketRef> frames) override {
        if (slow)
            return static_cast<u32>(frames.size());
        for (nic::PacketRef& frame : frames) {
            auto const taken = std::move(frame);
            received.emplace_back(taken->data, taken->data + taken->length);
        }
        return 0;
    }
    void count_lost() override { ++lost; }
    bool flush(Nanos) override { return false; }
    bool arm() override {
        ++armed;
        return false;
    }
    Nanos tick(Nanos) override { return std::exchange(look_at, 0); }

  private:
    nic::PacketPool& pool_;
};

}  // namespace switch_port
