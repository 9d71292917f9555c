// SPDX-License-Identifier: MIT
// What is tried on the backend. Each attack has rings of its own, which the
// backend serves when it begins; afterwards it has to let go of them all, and to
// serve the next frontend.
#pragma once

#include <span>

#include "guest-pv/apps/rogue/raw_vif.hpp"

namespace rogue {

struct Attack {
    char const* name;
    // False: the backend did not do what it should.
    bool (*run)(RawVif& vif);
    RawVif::Posting posting = RawVif::Posting::all;
};

extern std::span<Attack const> const transmit_attacks;
extern std::span<Attack const> const receive_attacks;
extern std::span<Attack const> const control_attacks;
extern std::span<Attack const> const page_attacks;

// These come before there is a connection.
struct KeyAttack {
    char const* name;
    bool (*run)(Device const& device);
};
extern std::span<KeyAttack const> const key_attacks;

// Declares pages and takes them back for ever, as fast as the backend goes along.
[[noreturn]] void keep_declaring(RawVif& vif);

// Nobody has granted these.
inline constexpr std::array<u32, 4> wild_references{0xffff'ffff, 0x8000'0000, 0x0001'0000, 0x0000'ffff};

}  // namespace rogue
