// SPDX-License-Identifier: MIT
// Virtual networks (IEEE 802.1Q) and a port's part in them. Network 0 is the
// one whose frames carry no tag on any wire.
#pragma once

#include <bitset>
#include <optional>

#include "kernel/base/types.hpp"

namespace bridge {

using VlanId = Strong<struct VlanTag, u16>;
inline constexpr VlanId untagged_network{0};
inline constexpr VlanId last_vlan{4094};
inline constexpr VlanId reserved_vlan{4095};  // nobody's: frames that claim it go nowhere

// How frames of a network pass a port.
enum class Passage : u8 { none, untagged, tagged };

class Vlans {
  public:
    // A port of one network, which knows nothing of tags.
    Vlans() = default;
    explicit Vlans(VlanId access) : access_{access} {}
    // One of all networks, of which one comes without a tag.
    static Vlans trunk(VlanId access = untagged_network) {
        Vlans all{access};
        all.tagged_.set();
        all.tagged_.reset(reserved_vlan.raw());
        return all;
    }

    void add_tagged(VlanId network) { tagged_.set(network.raw()); }

    void add_to(std::bitset<reserved_vlan.raw() + 1>& networks) const {
        networks |= tagged_;
        networks.set(access_.raw());
    }

    [[nodiscard]] VlanId access() const { return access_; }
    [[nodiscard]] bool knows_tags() const { return tagged_.any(); }
    [[nodiscard]] Passage passage(VlanId network) const {
        if (network == access_)
            return Passage::untagged;
        return tagged_.test(network.raw()) ? Passage::tagged : Passage::none;
    }
    // Of a frame that comes in with this tag, or with none. Tag 0 speaks of
    // priority alone. Empty: it may not come in.
    [[nodiscard]] std::optional<VlanId> network_of(std::optional<VlanId> tag) const {
        if (!tag || *tag == untagged_network)
            return access_;
        return tagged_.test(tag->raw()) ? tag : std::nullopt;
    }

  private:
    VlanId access_{};
    std::bitset<reserved_vlan.raw() + 1> tagged_;
};

}  // namespace bridge
