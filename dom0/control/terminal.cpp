// SPDX-License-Identifier: MIT
#include "dom0/control/terminal.hpp"

#include <string>

#include "dom0/control/granite.hpp"
#include "guest-pv/rt/console.hpp"

namespace control::terminal {
namespace {

// What stands on the line that is being written, a prompt most of the time,
// and whether it was pushed aside by a guest's lines.
std::string unfinished;
bool aside = false;

std::string unread_keys;

void put(std::string_view text) {
    rt::console_write(granite::already_prefixed + std::string{text});
}

}  // namespace

void restore_line() {
    if (aside)
        put(unfinished);
    aside = false;
}

void write(std::string_view text) {
    if (text.empty())
        return;
    restore_line();
    put(text);
    unfinished += text;
    if (auto const end = unfinished.find_last_of("\r\n"); end != std::string::npos)
        unfinished.erase(0, end + 1);
}

void guest_line(DomId guest, std::string_view text) {
    if (!unfinished.empty() && !aside) {
        put("\n");
        aside = true;
    }
    put("(d" + std::to_string(guest.raw()) + ") " + std::string{text} + "\n");
}

void log(std::string_view text) {
    rt::console_write(std::string{text} + "\n");
}

usize read(std::span<char> into, Nanos deadline) {
    if (unread_keys.empty())
        return rt::console_read(into, deadline);
    usize const count = unread_keys.copy(into.data(), into.size());
    unread_keys.erase(0, count);
    return count;
}

void unread(std::string_view keys) {
    unread_keys.insert(0, keys);
}

}  // namespace control::terminal
