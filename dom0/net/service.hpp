// SPDX-License-Identifier: MIT
// The network of the driver domain: cards, the switch, guests' interfaces.
// It talks to the toolstack through xenstore alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dom0/net/netback/vif.hpp"
#include "drivers/net/nic.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace net {

struct NicInfo {
    std::string_view driver;
    nic::Mac mac;
    bool link_up;
    u32 own_queues;  // for guests, and how many of them
    u32 residents;   // have one
    nic::Counters counters;
    u64 overruns;
    u64 flawed;
};

class Service;

// Finds cards and starts the threads. Errno::nomem: not even buffers.
Result<Service*> start(rt::xenbus::Connection& store);

std::vector<NicInfo> cards(Service const& service);
// Errno::noent: there are not so many.
Result<> reset_card(Service& service, usize number);
std::vector<netback::VifInfo> interfaces(Service const& service);

}  // namespace net
