// SPDX-License-Identifier: MIT
// The end: say why, where and on whose behalf, then stop.
#pragma once

#include <string_view>

#include "arch/cpu/frame.hpp"

namespace arch {

[[noreturn]] void panic_frame(Frame const& f, std::string_view what);

// See debug_exit.hpp. 0: there is none.
void set_debug_exit(u16 port);

}  // namespace arch
