// SPDX-License-Identifier: MIT
// The groups a guest has asked for. A guest that lists them is spared the
// frames of all others.
#pragma once

#include <vector>

#include "drivers/net/mac.hpp"

namespace netback {

// What a guest wants to hear of a group.
struct MulticastChange {
    nic::Mac group;
    bool add;
};

class MulticastFilter {
  public:
    static constexpr usize most_groups = 64;

    // False when the list is full, or the address no group's.
    bool apply(MulticastChange const& change);

    // Broadcasts are for everybody.
    [[nodiscard]] bool passes(nic::Mac destination) const;

  private:
    std::vector<nic::Mac> groups_;
};

}  // namespace netback
