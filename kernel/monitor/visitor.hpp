// SPDX-License-Identifier: MIT
// Commands asked by hypercall, by a domain that comes back for an answer which
// takes its time.
#pragma once

#include "kernel/base/result.hpp"
#include "kernel/monitor/session.hpp"

namespace monitor {

// The answer; again: it is being made, ask the same once more. One such is under
// way at a time, and its answer is kept until it is fetched or another is asked.
Result<Answer> ask_or_come_back(std::string_view command_line);

}  // namespace monitor
