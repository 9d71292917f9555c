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

std::span<Attack const> transmit_attacks();
std::span<Attack const> receive_attacks();
std::span<Attack const> control_attacks();

// These come before there is a connection.
struct KeyAttack {
    char const* name;
    bool (*run)(Device const& device);
};
std::span<KeyAttack const> key_attacks();

// Nobody has granted these.
inline constexpr std::array<u32, 4> wild_references{0xffff'ffff, 0x8000'0000, 0x0001'0000, 0x0000'ffff};

}  // namespace rogue
