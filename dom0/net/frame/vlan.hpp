// SPDX-License-Identifier: MIT
// The tag that says which virtual network a frame belongs to (IEEE 802.1Q).
#pragma once

#include <optional>
#include <span>

#include "dom0/net/bridge/vlans.hpp"
#include "drivers/net/pool.hpp"

namespace frame {

using bridge::VlanId;

// `head` has at least the Ethernet header. Priority is not looked at. One tag
// that speaks of priority alone, before another tag, is the reserved network:
// taken off, it would bare a tag that nobody has checked.
std::optional<VlanId> tag_of(std::span<std::byte const> head);

// Gives the frame this tag, or takes its tag away. A frame that others hold too
// is copied for that; false when there is no buffer for the copy.
[[nodiscard]] bool set_tag(nic::PacketRef& packet, std::optional<VlanId> wanted, nic::PacketPool& pool);

}  // namespace frame
