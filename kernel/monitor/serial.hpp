// SPDX-License-Identifier: MIT
// The monitor on the serial line: a line editor, and answers that come out
// piece by piece, so that a long one does not stop the guests, and page by page
// for a person.
#pragma once

#include "kernel/console/input.hpp"

namespace monitor {

// From the console, in interrupt context.
void serial_input(char c);
void serial_focus(console::Focus now);

// Answers with the command of this debug key, after those before it. Unknown keys say so.
void debug_key(char key);

}  // namespace monitor
