// SPDX-License-Identifier: MIT
// What the driver domain notes in the hypervisor's trace of frames on their way
// (granite_op 6): one mark for a batch, in two words.
#pragma once

#include <cstdint>

namespace mark {

// Behind each: what `owner` is, and what is counted from `first` on.
enum class Step : std::uint8_t {
    none,       // not a mark: only asks whether they are wanted
    interrupt,  // a port of the switch wakes it, a card's or a guest's
    received,   // from a card: frames, descriptors of queue `queue`
    sent,       // to a card: frames, descriptors
    cleaned,    // sent by the card: descriptors
    decided,    // by the bridge: from port `owner` to port `first`
    rx_pushed,  // to the guest `owner`: responses
    tx_taken,   // from the guest `owner`: requests, each of which has its response now
};
inline constexpr std::uint8_t steps = 8;

inline constexpr std::uint32_t nowhere = 0xffff'ffff, everywhere = 0xffff'fffe;  // in place of a port

struct Mark {
    Step step{};
    bool notified = false;  // the guest
    std::uint8_t queue = 0;
    std::uint16_t owner = 0;
    std::uint16_t count = 0;
    std::uint32_t first = 0;

    friend bool operator==(Mark const&, Mark const&) = default;
};

struct Words {
    std::uint64_t a = 0, b = 0;
};

constexpr Words pack(Mark const& m) {
    return {std::uint64_t{m.owner} << 32 | std::uint64_t{m.queue} << 16 | std::uint64_t{m.notified} << 8 |
                static_cast<std::uint8_t>(m.step),
            std::uint64_t{m.count} << 32 | m.first};
}
constexpr Mark unpack(Words w) {
    return {.step = static_cast<Step>(w.a & 0xff),
            .notified = (w.a >> 8 & 1) != 0,
            .queue = static_cast<std::uint8_t>(w.a >> 16),
            .owner = static_cast<std::uint16_t>(w.a >> 32),
            .count = static_cast<std::uint16_t>(w.b >> 32),
            .first = static_cast<std::uint32_t>(w.b)};
}

}  // namespace mark
