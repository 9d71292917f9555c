// SPDX-License-Identifier: MIT
// What happened to a frame, in the order of time: the stations where the walk
// has seen it, and between them what the hypervisor did for it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dom0/net/trail/walk.hpp"
#include "kernel/trace/event.hpp"

namespace net::trail {

struct Line {
    Nanos at = 0;
    std::optional<u32> cpu;
    std::string who;  // as the hypervisor's trace says it
    std::string_view station;
    std::string what;
    u32 copied = 0;  // bytes, by a processor
    u32 calls = 0;   // hypercalls since the line above, of everybody
};

// `events` as the hypervisor tells them, the newest first. Of who asks this
// domain, which is `here`, to look, what lies further back than `patience` is somebody else's.
std::vector<Line> tell(Walk const& walk, std::span<trace::Record const> events, DomId here);
inline constexpr Nanos patience = 1'000'000;

}  // namespace net::trail
