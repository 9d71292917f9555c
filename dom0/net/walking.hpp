// SPDX-License-Identifier: MIT
// The answer to `walk next`: waits for a frame, follows it to its end and tells
// what happened to it.
#pragma once

#include <functional>

#include "kernel/base/result.hpp"
#include "kernel/monitor/answer/report.hpp"
#include "kernel/trace/event.hpp"

namespace net {

class Service;

// What the hypervisor does for it.
struct WalkRecord {
    std::function<Result<>(bool on)> record;
    // Since then, the newest first.
    std::function<std::vector<trace::Record>(Nanos since)> events;
};

struct WalkQuestion {
    DomId here{};  // where the network runs
    DomId guest{};
    bool to_guest = true;
};

// One at a time. `wanted`: whether somebody still waits for the answer.
void show_walk(Service& service, WalkQuestion question, WalkRecord const& hypervisor,
               std::function<bool()> const& wanted, monitor::Report& out);

}  // namespace net
