// SPDX-License-Identifier: MIT
// The driver domain's command line on the serial port.
#pragma once

#include "dom0/control/toolstack.hpp"

namespace control {

[[noreturn]] void run_shell(Toolstack& tools);

}  // namespace control
