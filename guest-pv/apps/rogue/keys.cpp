// SPDX-License-Identifier: MIT
// Nonsense in xenstore, and a frontend that comes and goes as it likes.
#include "guest-pv/apps/rogue/attack.hpp"

namespace rogue {

namespace {

// False: the backend accepts these keys.
template <class Spoil>
bool is_refused(Device const& device, Spoil spoil) {
    auto const vif = RawVif::make(device);
    if (!vif)
        return false;
    auto keys = (*vif)->keys();
    spoil(keys);
    return !(*vif)->announce(keys);
}

constexpr std::array nonsense{"", "-1", "4294967295", "4294967296", "65535", "0x10", "many"};

bool wild_rings(Device const& device) {
    for (auto const* const text : nonsense)
        if (!is_refused(device, [&](Keys& keys) { keys.tx_ring = text; }) ||
            !is_refused(device, [&](Keys& keys) { keys.rx_ring = text; }) ||
            !is_refused(device, [&](Keys& keys) { keys.control_ring = text; }))
            return false;
    return true;
}

bool wild_channels(Device const& device) {
    for (auto const* const text : nonsense)
        if (!is_refused(device, [&](Keys& keys) { keys.event = text; }) ||
            !is_refused(device, [&](Keys& keys) { keys.control_event = text; }))
            return false;
    // One channel has one other end.
    return is_refused(device, [](Keys& keys) { keys.control_event = keys.event; });
}

bool wild_counts(Device const& device) {
    for (auto const* const text : {"0", "9", "-1", "4294967297", "many"})
        if (!is_refused(device, [&](Keys& keys) { keys.queues = text; }))
            return false;
    return true;
}

// Without a look at what the backend makes of it.
bool states_in_any_order(Device const& device) {
    for (u32 i = 0; i < 100; ++i)
        device.set_state(static_cast<State>(i * 7 % 10));
    return device.close();
}

// With frames under way in both directions, and no word of it before.
bool gone_without_a_word(Device const& device) {
    for (u32 i = 0; i < 5; ++i) {
        auto const vif = RawVif::connect(device);
        if (!vif)
            return false;
        for (u32 frames = 0; frames < RawVif::buffer_count; ++frames)
            (*vif)->ask_peer();
        device.set_state(i % 2 == 0 ? State::closed : State::initialising);
    }
    return true;
}

constexpr std::array attacks{
    KeyAttack{"announce rings that nobody granted", wild_rings},
    KeyAttack{"announce channels that are none", wild_channels},
    KeyAttack{"announce wrong numbers of queues", wild_counts},
    KeyAttack{"set states in any order", states_in_any_order},
    KeyAttack{"go without a word", gone_without_a_word},
};

}  // namespace

constinit std::span<KeyAttack const> const key_attacks{attacks};

}  // namespace rogue
