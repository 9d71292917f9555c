// SPDX-License-Identifier: MIT
#include "dom0/net/netback/multicast.hpp"

#include <algorithm>

namespace netback {

namespace {

constexpr nic::Mac broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

}  // namespace

bool MulticastFilter::apply(MulticastChange const& change) {
    if (!change.add) {
        std::erase(groups_, change.group);
        return true;
    }
    if (std::ranges::find(groups_, change.group) != groups_.end())
        return true;
    if (!change.group.is_group() || groups_.size() == most_groups)
        return false;
    groups_.push_back(change.group);
    return true;
}

bool MulticastFilter::passes(nic::Mac destination) const {
    return !destination.is_group() || destination == broadcast ||
           std::ranges::find(groups_, destination) != groups_.end();
}

}  // namespace netback
