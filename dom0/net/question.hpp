// SPDX-License-Identifier: MIT
// What somebody wants to know of the network, wherever that runs.
#pragma once

#include <functional>
#include <string>

#include "kernel/base/types.hpp"

namespace net {

struct Question {
    std::string line;  // as somebody typed it: "queues -j"
    DomId guest{};     // whom it is about, if it names one
    // Whether somebody still waits for the answer. Who takes long asks this at
    // least once a second.
    std::function<bool()> wanted = [] { return true; };
};

inline constexpr usize longest_answer = 64 * 1024;

}  // namespace net
