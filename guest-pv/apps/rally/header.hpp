// SPDX-License-Identifier: MIT
// What begins a frame of rally, and of those who talk to its guests.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <span>

#include "guest-pv/net/mac.hpp"

constexpr usize least_frame = 60;

// Of the type that is free for experiments (RFC 5342).
struct [[gnu::packed]] Header {
    net::Mac to{};
    net::Mac from{};
    std::array<u8, 2> type{0x88, 0xb5};
    u32 question = 0;  // none: not to be answered
};

// None: the frame is somebody else's.
inline std::optional<Header> read_header(std::span<std::byte const> frame) {
    Header header;
    auto const wanted = header.type;
    if (frame.size() < sizeof header)
        return std::nullopt;
    std::memcpy(&header, frame.data(), sizeof header);
    return header.type == wanted ? std::optional{header} : std::nullopt;
}
