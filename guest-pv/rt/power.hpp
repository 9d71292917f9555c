// SPDX-License-Identifier: MIT
// How a guest ends.
#pragma once

#include <functional>
#include <string_view>

#include "kernel/abi/xen.hpp"

namespace rt {

enum class Shutdown : unsigned {
    poweroff = SHUTDOWN_poweroff,
    reboot = SHUTDOWN_reboot,
    crash = SHUTDOWN_crash,
};

[[noreturn]] void shutdown(Shutdown reason);

// Print why, with a backtrace, and crash this domain.
[[noreturn]] void panic(std::string_view why);

// The toolstack asks guests to end through control/shutdown; the kit obeys at
// once. A guest with something to finish first takes the request over.
void on_shutdown_request(std::function<void(Shutdown)> handler);

}  // namespace rt
