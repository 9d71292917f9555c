// SPDX-License-Identifier: MIT
#include "dom0/control/terminal.hpp"

#include <string>

#include "dom0/control/granite.hpp"
#include "guest-pv/rt/console.hpp"

namespace control::terminal {
namespace {

// What stands on the line that is being written: a prompt, most of the time.
std::string unfinished;

void put(std::string_view text) {
    rt::console_write(granite::already_prefixed + std::string{text});
}

}  // namespace

void write(std::string_view text) {
    if (text.empty())
        return;
    put(text);
    unfinished += text;
    if (auto const end = unfinished.find_last_of("\r\n"); end != std::string::npos)
        unfinished.erase(0, end + 1);
}

void guest_line(DomId guest, std::string_view text) {
    auto const line = "(d" + std::to_string(guest.raw()) + ") " + std::string{text} + "\n";
    put((unfinished.empty() ? "" : "\n") + line + unfinished);
}

void log(std::string_view text) {
    rt::console_write(std::string{text} + "\n");
}

usize read(std::span<char> into, Nanos deadline) {
    return rt::console_read(into, deadline);
}

}  // namespace control::terminal
