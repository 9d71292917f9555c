// SPDX-License-Identifier: MIT
// Commands a slice at a time, with guests in between: whoever asks, and whatever.
#pragma once

#include "kernel/monitor/question.hpp"

namespace monitor::slices {

// Answers at once what takes no more than one slice. By an asker that has had
// the answer to its last one.
void begin(questions::Asker asker, std::string_view command_line, questions::Deliver deliver);
// It does not wait any more: what there is by the end of this slice is delivered.
void withdraw(questions::Asker asker);

}  // namespace monitor::slices
