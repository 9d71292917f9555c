// SPDX-License-Identifier: MIT
// Answers to questions about the network, as texts: so it does not matter
// whether who asks is in the same domain.
//   queues [-j], walk next DOMAIN [rx|tx] [-j]   commands of the monitor
//   traffic                                      what each interface has carried (toolstack/traffic.hpp)
//   interface NUMBER                             lines of `xl network-list -v`
//   cards [-v]                                   those of `xl nic-list`
//   reset NUMBER                                 why that cannot be done; or nothing
#pragma once

#include <string_view>

#include "dom0/net/question.hpp"
#include "dom0/net/walking.hpp"
#include "kernel/monitor/answer/arguments.hpp"

namespace net {

class Service;

struct Answerer {
    Service& service;
    DomId here;  // where it runs
    WalkRecord hypervisor;
};

// No longer than `longest_answer`.
std::string answer(Answerer const& answerer, Question const& question);

// What `say` answers to the line, in the frame that the monitor's answers have.
std::string framed(std::string_view line,
                   std::function<void(monitor::Arguments const&, monitor::Report&)> const& say);

}  // namespace net
