// SPDX-License-Identifier: MIT
// The network of the driver domain: cards, the switch, guests' interfaces.
// It talks to the toolstack through xenstore alone.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/net/netback/vif.hpp"
#include "dom0/net/switch/card_queues.hpp"
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
    u64 interrupts;
    u64 missed_interrupts;
};

class Service;

// Where virtual CPUs run, and how to tell this domain's where to.
struct Processors {
    std::function<Result<u32>(DomId, VcpuId)> cpu_of;
    std::function<Result<>(VcpuId, u32 cpu)> pin;
};

// Finds cards and starts the threads. `processors`: of the toolstack, for copies
// made on other CPUs. Errno::nomem: not even buffers.
Result<Service*> start(rt::xenbus::Connection& store, Processors processors);

std::vector<NicInfo> cards(Service const& service);
std::vector<CardQueue> card_queues(Service const& service);
// Errno::noent: there are not so many.
Result<> reset_card(Service& service, usize number);
// As if it had something.
void look_at(Service& service, PortId port);
std::vector<netback::VifInfo> interfaces(Service const& service);

}  // namespace net
