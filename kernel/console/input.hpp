// SPDX-License-Identifier: MIT
// Bytes from the serial line go to one listener at a time. Ctrl-a three times
// moves on to the next listener and says so.
#pragma once

#include <array>
#include <span>

#include "kernel/base/types.hpp"

namespace console {

enum class Focus : u8 { driver_domain, monitor };

// Called by the UART's interrupt for each byte, without locks held.
void input(char c);
// How many bytes may come now without one being lost.
usize input_room();

// Who is told: that the driver domain has something to read, and each byte for
// the monitor. Both are called without locks, in interrupt context. Start-up only.
struct Listeners {
    void (*driver_domain)() = nullptr;
    void (*monitor)(char c) = nullptr;
    void (*focus_changed)(Focus now) = nullptr;
};
void set_listeners(Listeners l);

void set_focus(Focus f);
Focus focus();

// What the driver domain has not read yet. Tells the line that there is room.
usize read_input(std::span<char> into);

}  // namespace console
