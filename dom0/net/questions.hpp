// SPDX-License-Identifier: MIT
// What the monitor's users want to know of the network.
#pragma once

#include <span>

#include "dom0/net/netback/vif.hpp"
#include "dom0/net/switch/card_queues.hpp"
#include "kernel/monitor/answer/report.hpp"

namespace net {

// Every queue of every card, every guest's interface with the rings of each of
// its queues, and for each of them what was dropped and where.
// `here` is the domain that says so.
void show_queues(std::span<CardQueue const> cards, std::span<netback::VifInfo const> vifs, DomId here,
                 monitor::Report& out);

}  // namespace net
