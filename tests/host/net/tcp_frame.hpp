// SPDX-License-Identifier: MIT
// Frames of TCP over IPv4 or IPv6 for tests, and the receiver's check of their
// checksums, written without the code under test.
#pragma once

#include <array>
#include <cstring>
#include <vector>

#include "drivers/net/pool.hpp"

namespace tcp_frame {

using Frame = std::vector<std::byte>;
inline constexpr usize ip_at = 14;

inline void put16(Frame& frame, usize at, u32 value) {
    frame[at] = std::byte{static_cast<u8>(value >> 8)};
    frame[at + 1] = std::byte{static_cast<u8>(value)};
}
inline u32 get16(Frame const& frame, usize at) {
    return static_cast<u32>(frame[at]) << 8 | static_cast<u32>(frame[at + 1]);
}

inline usize ip_bytes(bool v6) {
    return v6 ? 40 : 20;
}

// Headers without options, FIN and PSH and CWR set, `payload` bytes that count
// up. The checksum is left empty.
inline Frame make(u32 payload, bool v6 = false, u32 sequence = 1000) {
    usize const tcp = ip_at + ip_bytes(v6);
    Frame frame(tcp + 20 + payload);
    for (usize i = 0; i < 12; ++i)
        frame[i] = std::byte{static_cast<u8>(2 + i)};
    put16(frame, 12, v6 ? 0x86dd : 0x0800);
    for (usize i = 8; i < ip_bytes(v6); ++i)
        frame[ip_at + i] = std::byte{static_cast<u8>(i * 11)};  // addresses, and the rest
    frame[ip_at] = std::byte{static_cast<u8>(v6 ? 0x60 : 0x45)};
    put16(frame, ip_at + (v6 ? 4 : 2), static_cast<u32>(payload + 20 + (v6 ? 0 : 20)));
    frame[ip_at + (v6 ? 6 : 9)] = std::byte{6};
    for (usize i = 0; i < 4; ++i)
        frame[tcp + 4 + i] = std::byte{static_cast<u8>(sequence >> (24 - 8 * i))};
    frame[tcp + 12] = std::byte{0x50};
    frame[tcp + 13] = std::byte{0x99};  // CWR, ACK, PSH, FIN
    for (usize i = 0; i < payload; ++i)
        frame[tcp + 20 + i] = std::byte{static_cast<u8>(i * 7 + i / 251)};
    return frame;
}

inline std::vector<std::array<std::byte, page_size>> pages_of(Frame const& frame) {
    std::vector<std::array<std::byte, page_size>> pages((frame.size() + page_size - 1) / page_size);
    for (usize i = 0; i < frame.size(); ++i)
        pages[i / page_size][i % page_size] = frame[i];
    return pages;
}

inline Frame bytes_of(nic::Packet const& packet) {
    Frame all;
    for (nic::Packet const* buffer = &packet; buffer != nullptr; buffer = buffer->next())
        all.insert(all.end(), buffer->data, buffer->data + buffer->length);
    return all;
}

inline nic::PacketRef packet_of(Frame const& frame, nic::PacketPool& pool) {
    auto packet = pool.take();
    for (std::byte const byte : frame) {
        if (packet->last().length == nic::buffer_bytes)
            packet->append(pool.take());
        packet->last().data[packet->last().length] = byte;
        packet->grow(1);
    }
    return packet;
}

inline u32 folded(u32 sum) {
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

inline u32 sum_of(Frame const& frame, usize begin, usize end) {
    u32 sum = 0;
    for (usize i = begin; i < end; i += 2)
        sum += i + 1 < end ? get16(frame, i) : static_cast<u32>(frame[i]) << 8;
    return folded(sum);
}

// Of the whole pseudo header, header and payload: 0xffff when all is right.
inline u32 transport_sum(Frame const& frame, bool v6) {
    usize const tcp = ip_at + ip_bytes(v6);
    usize const end = v6 ? tcp + get16(frame, ip_at + 4) : ip_at + get16(frame, ip_at + 2);
    u32 const addresses = v6 ? sum_of(frame, ip_at + 8, ip_at + 40) : sum_of(frame, ip_at + 12, ip_at + 20);
    return folded(addresses + 6 + static_cast<u32>(end - tcp) + sum_of(frame, tcp, end));
}

}  // namespace tcp_frame
