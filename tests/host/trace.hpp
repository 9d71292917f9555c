// SPDX-License-Identifier: MIT
// The beginning of a trace, in one go.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "kernel/trace/trace.hpp"

namespace host {

inline void start_trace(trace::Kinds kinds) {
    auto room = trace::make_room();
    while (room && !*room)
        room = trace::make_room();
    REQUIRE(room.has_value());
    trace::start(kinds);
}

}  // namespace host
