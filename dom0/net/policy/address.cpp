// SPDX-License-Identifier: MIT
// Addresses as they are written.
#include "dom0/net/policy/address.hpp"

#include <algorithm>
#include <array>

#include "dom0/net/frame/fields.hpp"
#include "dom0/net/policy/words.hpp"

namespace policy {

namespace {

constexpr usize groups = 8;

// "1.2.3.4"
std::optional<Address> parse_ipv4(std::string_view text) {
    u32 address = 0;
    for (unsigned i = 0; i < 4; ++i) {
        auto const octet = number<u8>(i < 3 ? cut(text, '.') : text);
        if (!octet || (i < 3 && text.data() == nullptr))
            return std::nullopt;
        address = address << 8 | *octet;
    }
    return Address::ipv4(address);
}

// Of groups between colons, no more than fit. Empty: one is no number.
std::optional<usize> parse_groups(std::string_view text, std::array<u16, groups>& into) {
    usize count = 0;
    while (text.data() != nullptr && !text.empty()) {
        auto const word = cut(text, ':');
        auto const group = word.size() <= 4 ? number<u16>(word, 16) : std::nullopt;
        bool const ends_in_colon = text.data() != nullptr && text.empty();
        if (!group || count == groups || ends_in_colon)
            return std::nullopt;
        into[count++] = *group;
    }
    return count;
}

Address from_groups(std::array<u16, groups> const& all) {
    Address address;
    for (usize i = 0; i < groups; ++i) {
        u64& half = i < groups / 2 ? address.high : address.low;
        half = half << 16 | all[i];
    }
    return address;
}

// "fd00::1", with at most one "::"
std::optional<Address> parse_ipv6(std::string_view text) {
    std::array<u16, groups> first{};
    auto const gap = text.find("::");
    auto const before = parse_groups(text.substr(0, gap), first);
    if (!before)
        return std::nullopt;
    if (gap == std::string_view::npos)
        return *before == groups ? std::optional{from_groups(first)} : std::nullopt;
    std::array<u16, groups> last{};
    auto const behind = parse_groups(text.substr(gap + 2), last);
    if (!behind || *before + *behind >= groups)
        return std::nullopt;
    std::copy_n(last.begin(), *behind, first.end() - static_cast<std::ptrdiff_t>(*behind));
    return from_groups(first);
}

u64 mask(unsigned bits) {
    return bits == 0 ? 0 : ~u64{0} << (64 - bits);
}

}  // namespace

Address Address::ipv4_at(std::byte const* at) {
    return ipv4(frame::get32(at));
}

Address Address::ipv6_at(std::byte const* at) {
    return {u64{frame::get32(at)} << 32 | frame::get32(at + 4),
            u64{frame::get32(at + 8)} << 32 | frame::get32(at + 12)};
}

Address Address::link_local(nic::Mac mac) {
    u64 const packed = mac.packed();
    u64 const interface = (packed >> 24) << 40 | u64{0xfffe} << 24 | (packed & 0xff'ffff);
    return {u64{0xfe80} << 48, interface ^ u64{0x02} << 56};
}

std::optional<Address> Address::parse(std::string_view text) {
    return text.find(':') == std::string_view::npos ? parse_ipv4(text) : parse_ipv6(text);
}

bool Prefix::contains(Address other) const {
    unsigned const in_high = std::min<unsigned>(bits, 64);
    return ((address.high ^ other.high) & mask(in_high)) == 0 &&
           ((address.low ^ other.low) & mask(bits - in_high)) == 0;
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
    auto const address = Address::parse(cut(text, '/'));
    if (!address)
        return std::nullopt;
    if (text.data() == nullptr)
        return Prefix{*address};
    bool const v4 = address->high == 0 && address->low >> 32 == Address::mapped >> 32;
    auto const bits = number<u8>(text);
    if (!bits || *bits > (v4 ? 32 : 128))
        return std::nullopt;
    return Prefix{*address, static_cast<u8>(*bits + (v4 ? 96 : 0))};
}

}  // namespace policy
