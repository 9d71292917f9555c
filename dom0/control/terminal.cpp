// SPDX-License-Identifier: MIT
#include "dom0/control/terminal.hpp"

#include <string>

#include "dom0/control/granite.hpp"
#include "guest-pv/rt/console.hpp"

namespace control::terminal {

void write(std::string_view text) {
    if (!text.empty())
        rt::console_write(granite::already_prefixed + std::string{text});
}

void guest_line(DomId guest, std::string_view text) {
    write("(d" + std::to_string(guest.raw()) + ") " + std::string{text} + "\n");
}

void log(std::string_view text) {
    rt::console_write(std::string{text} + "\n");
}

usize read(std::span<char> into, Nanos deadline) {
    return rt::console_read(into, deadline);
}

}  // namespace control::terminal
