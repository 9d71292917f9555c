// SPDX-License-Identifier: MIT
// What works with UDP have in common: frames, and what the sink says of them.
#pragma once
#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "guest-pv/traffic/protocol.hpp"
#include "scripts/plugin/traffic/works.hpp"

namespace traffic {

// Frames under way, where each that came makes room for another.
constexpr std::uint64_t window = 128;
constexpr std::uint32_t datagram_headers = 14 + 20 + 8;

inline std::vector<std::byte> payload_of(std::uint32_t frame) {
    return std::vector<std::byte>(frame - datagram_headers, std::byte{'x'});
}

// What the guests' sinks last said they have received.
class SinkCount {
  public:
    explicit SinkCount(Bench& bench) : bench_{bench}, sinks_(bench.guests) {
        bench.host.on_datagram([this](std::size_t guest, std::span<std::byte const> bytes) {
            Count said{};
            if (bytes.size() < sizeof said || guest >= sinks_.size())
                return;
            std::memcpy(&said, bytes.data(), sizeof said);
            sinks_[guest] = {said.datagrams, true};
        });
    }

    void ask() {
        for (std::size_t guest = 0; guest < sinks_.size(); guest++) {
            sinks_[guest].answered = false;
            bench_.host.send(sink_port, {}, guest);
        }
    }
    [[nodiscard]] bool answered() const { return std::ranges::all_of(sinks_, &Sink::answered); }
    [[nodiscard]] std::uint64_t of(std::size_t guest) const { return sinks_[guest].datagrams; }
    // Of all guests together.
    [[nodiscard]] std::uint64_t datagrams() const {
        std::uint64_t sum = 0;
        for (Sink const& sink : sinks_)
            sum += sink.datagrams;
        return sum;
    }

  private:
    struct Sink {
        std::uint64_t datagrams = 0;
        bool answered = false;
    };

    Bench& bench_;
    std::vector<Sink> sinks_;
};

}  // namespace traffic
