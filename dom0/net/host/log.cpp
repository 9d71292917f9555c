// SPDX-License-Identifier: MIT
// Where drivers' log lines go: the console of the driver domain.
#include "kernel/base/log.hpp"

#include <string>

#include "guest-pv/rt/console.hpp"

void log_line(std::string_view line) {
    rt::console_write(std::string{line} + "\n");
}
