// SPDX-License-Identifier: MIT
// Bytes to a person, and the end of everything.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace machine {

// Raw bytes to the serial line. Never loses one: waits when the buffer is full.
void console_put(std::string_view bytes);
// The same, synchronously and without locks: for the way down.
void console_put_now(std::string_view bytes);

// Bytes that the line held back for want of room may come now.
void console_accept();

[[noreturn]] void panic(std::string_view what);
// Something of the guest on whose behalf this CPU works is not as we left it: says
// what and where, and ends that guest. A panic when there is none, or it is the
// initial domain. Any lock of a rank before `runqueue` may be held.
void end_guest(std::string_view what);
[[noreturn]] void reboot();
[[noreturn]] void power_off();

}  // namespace machine
