// SPDX-License-Identifier: MIT
// QEMU's isa-debug-exit device: `debug-exit=PORT` on the command line makes a
// panic end the emulator, too.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace arch {

// 0 when there is no such option, or not a port.
u16 debug_exit_port(std::string_view command_line);

}  // namespace arch
