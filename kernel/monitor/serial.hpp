// SPDX-License-Identifier: MIT
// The monitor on the serial line: a small line editor, and answers that come
// out piece by piece, so that a long one does not stop the guests.
#pragma once

#include "kernel/console/input.hpp"

namespace monitor {

// From the console, in interrupt context.
void serial_input(char c);
void serial_focus(console::Focus now);

// Does at once what the command of this debug key does. Unknown keys say so.
void debug_key(char key);

}  // namespace monitor
