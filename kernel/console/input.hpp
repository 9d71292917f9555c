// SPDX-License-Identifier: MIT
// Bytes from the serial line go to one listener at a time. Ctrl-a three times
// moves on to the next listener and says so. A program asks the monitor beside
// all that: its question is never input, and the answer no line of the screen's.
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

// Begins a program's question, which ends with a carriage return, and each line
// of the answer. No keyboard sends it and no text contains it, being UTF-8.
inline constexpr char program_mark = '\xfe';

// Who is told: that the driver domain has something to read, and each byte for
// the monitor, or of a question behind its mark. All are called without locks,
// in interrupt context. Start-up only.
struct Listeners {
    void (*driver_domain)() = nullptr;
    void (*monitor)(char c) = nullptr;
    void (*question)(char c) = nullptr;
    void (*focus_changed)(Focus now) = nullptr;
};
void set_listeners(Listeners l);

void set_focus(Focus f);
Focus focus();

// What the driver domain has not read yet. Tells the line that there is room.
usize read_input(std::span<char> into);

}  // namespace console
