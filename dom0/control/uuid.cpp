// SPDX-License-Identifier: MIT
#include "dom0/control/uuid.hpp"

#include "guest-pv/rt/time.hpp"

namespace control {
namespace {

// splitmix64: every input bit changes every output bit.
u64 mixed(u64 value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

}  // namespace

domctl::Uuid new_uuid(std::string_view name) {
    static u64 count = 0;
    u64 seed = mixed(static_cast<u64>(rt::wall_clock())) + ++count;
    for (char const c : name)
        seed = mixed(seed ^ static_cast<u8>(c));
    domctl::Uuid uuid;
    for (usize i = 0; i < uuid.size(); ++i)
        uuid[i] = static_cast<u8>(mixed(seed + i));
    uuid[6] = static_cast<u8>((uuid[6] & 0x0f) | 0x40);  // version 4, variant 1 (RFC 4122)
    uuid[8] = static_cast<u8>((uuid[8] & 0x3f) | 0x80);
    return uuid;
}

std::string to_string(domctl::Uuid const& uuid) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (usize i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += digits[uuid[i] >> 4];
        text += digits[uuid[i] & 15];
    }
    return text;
}

}  // namespace control
