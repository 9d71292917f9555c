// SPDX-License-Identifier: MIT
// Cards and interfaces in the words of xl's verbs.
#pragma once

#include <span>
#include <string>

#include "dom0/net/netback/vif.hpp"
#include "dom0/net/service.hpp"

namespace net {

// What stands below an interface in `xl network-list -v`.
std::string details_of(netback::VifInfo const& vif);
// The answer of `xl nic-list`.
std::string table_of(std::span<NicInfo const> cards, bool verbose);

}  // namespace net
