// SPDX-License-Identifier: MIT
// What Tab can write on the monitor's line.
#pragma once

#include "kernel/console/editor/completion.hpp"

namespace monitor {

// Commands, and what they say of their arguments; domains by name.
void complete(editor::Completion& completion);

}  // namespace monitor
