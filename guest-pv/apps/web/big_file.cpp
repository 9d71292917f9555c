// SPDX-License-Identifier: MIT
#include "guest-pv/apps/web/big_file.hpp"

#include <array>
#include <cstdio>

namespace web {

namespace {

constexpr u64 file_length = 10'000'000;

// The byte at an offset, by mixing the number of its word (splitmix64).
char byte_at(u64 offset) {
    u64 word = (offset / 8 + 1) * 0x9e37'79b9'7f4a'7c15;
    word = (word ^ word >> 30) * 0xbf58'476d'1ce4'e5b9;
    word = (word ^ word >> 27) * 0x94d0'49bb'1331'11eb;
    return static_cast<char>((word ^ word >> 31) >> offset % 8 * 8);
}

void fill(u64 offset, std::span<char> into) {
    for (char& byte : into)
        byte = byte_at(offset++);
}

// CRC-32 as zip, PNG and Ethernet have it.
constexpr auto crc_table = [] {
    std::array<u32, 256> table{};
    for (u32 index = 0; index < table.size(); index++) {
        u32 value = index;
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value % 2 != 0 ? 0xedb8'8320 : 0);
        table[index] = value;
    }
    return table;
}();

u32 crc_of_file() {
    u32 crc = ~u32{0};
    for (u64 offset = 0; offset < file_length; offset++)
        crc = crc >> 8 ^ crc_table[(crc ^ static_cast<u8>(byte_at(offset))) & 0xff];
    return ~crc;
}

}  // namespace

Response big_file() {
    static u32 const crc = crc_of_file();
    std::array<char, 32> header;
    int const length =
        std::snprintf(header.data(), header.size(), "X-Crc32: %08lx\r\n", static_cast<unsigned long>(crc));
    return {.status = 200,
            .type = "application/octet-stream",
            .extra_headers = {header.data(), static_cast<usize>(length)},
            .length = file_length,
            .fill = fill};
}

}  // namespace web
