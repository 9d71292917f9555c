// SPDX-License-Identifier: MIT
// What people ask the hypervisor's monitor and only this domain can answer.
// Answers are written as the monitor's own are (kernel/monitor/answer).
//
// To add one: a row in the table of questions.cpp, and one in that of
// kernel/monitor/commands.cpp, which names it and marks it `by_driver_domain`.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "dom0/control/toolstack.hpp"

namespace control {

// The whole answer, framed; none: it is not one of these questions. `wanted`:
// whether somebody still waits for it, which is also the sign of life that the
// monitor wants.
std::optional<std::string> answer_question(Toolstack& tools, std::string_view line,
                                           std::function<bool()> wanted);

// Begins to answer what the monitor passes on. Where there is no such monitor,
// nothing happens.
void serve_questions(Toolstack& tools);

}  // namespace control
