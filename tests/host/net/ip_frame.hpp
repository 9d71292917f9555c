// SPDX-License-Identifier: MIT
// Small frames of the Internet's protocols, written down byte by byte.
#pragma once

#include <initializer_list>
#include <vector>

#include "drivers/net/mac.hpp"

namespace ip_frame {

using Frame = std::vector<std::byte>;

inline constexpr nic::Mac own{{0x00, 0x16, 0x3e, 0x01, 0x02, 0x03}};
inline constexpr nic::Mac other{{0x00, 0x16, 0x3e, 0x0a, 0x0b, 0x0c}};

inline void add(Frame& frame, std::initializer_list<unsigned> bytes) {
    for (unsigned const byte : bytes)
        frame.push_back(std::byte{static_cast<u8>(byte)});
}
inline void add(Frame& frame, nic::Mac mac) {
    for (u8 const octet : mac.octets)
        frame.push_back(std::byte{octet});
}
inline void add16(Frame& frame, u32 value) {
    add(frame, {value >> 8 & 0xff, value & 0xff});
}
inline void add32(Frame& frame, u32 value) {
    add16(frame, value >> 16);
    add16(frame, value & 0xffff);
}
// fd00::LAST
inline void add_v6(Frame& frame, u32 last) {
    add32(frame, 0xfd00'0000);
    add32(frame, 0);
    add32(frame, 0);
    add32(frame, last);
}

inline Frame ether(u16 type, nic::Mac source = own) {
    Frame frame;
    add(frame, other);
    add(frame, source);
    add16(frame, type);
    return frame;
}

inline Frame arp(nic::Mac sender, u32 address, nic::Mac source = own) {
    Frame frame = ether(0x0806, source);
    add(frame, {0, 1, 8, 0, 6, 4, 0, 1});
    add(frame, sender);
    add32(frame, address);
    add(frame, {0, 0, 0, 0, 0, 0, 10, 0, 0, 1});
    return frame;
}

struct Ports {
    u16 source = 1000;
    u16 destination = 80;
};
inline Frame ipv4(u32 from, u32 to, u8 protocol, Ports ports = {}, u16 fragment = 0) {
    Frame frame = ether(0x0800);
    add(frame, {0x45, 0, 0, 28, 0, 0});
    add16(frame, fragment);
    add(frame, {64, protocol, 0, 0});
    add32(frame, from);
    add32(frame, to);
    add16(frame, ports.source);
    add16(frame, ports.destination);
    add32(frame, 0);
    return frame;
}

// From fd00::FROM to fd00::TO.
inline Frame ipv6(u32 from, u32 to, u8 next, Frame const& payload) {
    Frame frame = ether(0x86dd);
    add(frame, {0x60, 0, 0, 0});
    add16(frame, static_cast<u32>(payload.size()));
    add(frame, {next, 255});
    add_v6(frame, from);
    add_v6(frame, to);
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

// About fd00::TARGET, with the option `kind` that gives a link address.
inline Frame neighbour(u8 type, u32 target, nic::Mac link, u8 kind = 2) {
    Frame message;
    add(message, {type, 0, 0, 0, 0, 0, 0, 0});
    add_v6(message, target);
    add(message, {kind, 1});
    add(message, link);
    return message;
}

}  // namespace ip_frame
