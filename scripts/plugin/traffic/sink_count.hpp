// SPDX-License-Identifier: MIT
// What works with UDP have in common: frames, and what the sink says of them.
#pragma once
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

// What the sink last said it has received.
class SinkCount {
  public:
    explicit SinkCount(Bench& bench) : bench_{bench} {
        bench.host.on_datagram([this](std::span<std::byte const> bytes) {
            Count said{};
            if (bytes.size() < sizeof said)
                return;
            std::memcpy(&said, bytes.data(), sizeof said);
            datagrams_ = said.datagrams;
            answered_ = true;
        });
    }

    void ask() {
        answered_ = false;
        bench_.host.send(sink_port, {});
    }
    [[nodiscard]] bool answered() const { return answered_; }
    [[nodiscard]] std::uint64_t datagrams() const { return datagrams_; }

  private:
    Bench& bench_;
    std::uint64_t datagrams_ = 0;
    bool answered_ = false;
};

}  // namespace traffic
