// SPDX-License-Identifier: MIT
// Stations of a frame, and what the hypervisor did, in words.
#pragma once

#include <string>
#include <string_view>

#include "dom0/net/trail/walk.hpp"
#include "kernel/trace/event.hpp"

namespace net::trail {

struct Words {
    std::string_view station;  // empty: it is none
    std::string what;
};
Words words_of(Stamp const& stamp);
Words words_of(trace::Record const& event);

// Who did it, as the hypervisor's trace says it.
std::string name_of(Stamp const& stamp, u16 here);
std::string name_of(trace::Record const& event);

}  // namespace net::trail
