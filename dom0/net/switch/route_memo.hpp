// SPDX-License-Identifier: MIT
// Where the last frame went, for those behind it: frames come in trains, and
// what the bridge learns of the first is all that it would of the others. Good
// for frames that one port brings at one time; those with a tag are not kept.
#pragma once

#include <cstring>
#include <optional>
#include <span>

#include "dom0/net/bridge/bridge.hpp"
#include "drivers/net/packet.hpp"

namespace net {

class RouteMemo {
  public:
    // Where a frame goes, and the tag that it has.
    struct Way {
        bridge::Route route;
        std::optional<bridge::VlanId> tag;
    };

    void forget() { kept_ = false; }

    Way const& keep(std::span<std::byte const> head, Way const& way) {
        labels_ = labels_of(head);
        way_ = way;
        kept_ = !way.tag;
        return way_;
    }

    // Null: another frame's. With the same type a frame has no tag either.
    [[nodiscard]] Way const* find(std::span<std::byte const> head) const {
        return kept_ && labels_of(head) == labels_ ? &way_ : nullptr;
    }

  private:
    // Both addresses and the type, in two words that overlap.
    struct Labels {
        u64 front = 0;
        u64 back = 0;
        friend bool operator==(Labels, Labels) = default;
    };
    static_assert(nic::header_bytes >= sizeof(u64) && nic::header_bytes <= 2 * sizeof(u64));

    static Labels labels_of(std::span<std::byte const> head) {
        Labels labels;
        std::memcpy(&labels.front, head.data(), sizeof labels.front);
        std::memcpy(&labels.back, head.data() + nic::header_bytes - sizeof labels.back, sizeof labels.back);
        return labels;
    }

    Labels labels_;
    Way way_;
    bool kept_ = false;
};

}  // namespace net
