// SPDX-License-Identifier: MIT
#include "dom0/console/guest_console.hpp"

#include <array>

namespace console {

bool GuestConsole::pass_on_output(Listener& to) {
    std::array<char, turn> bytes;
    usize const count = output_.take(bytes);
    show(to, {bytes.data(), count});
    return count != 0;
}

bool GuestConsole::pass_on_typed() {
    usize const count = input_.put(typed_.waiting());
    typed_.take(count);
    return count != 0;
}

void GuestConsole::pass_on_last_words(Listener& to) {
    // One ring's worth: a domain that still runs could go on for ever.
    for (usize left = sizeof(xencons_interface::out); left != 0; left -= turn)
        pass_on_output(to);
    if (line_.finish())
        to.show_line(line_.line());
    line_ = {};
}

void GuestConsole::attach(Listener& to, usize replayed) {
    line_ = {};
    attached_ = true;
    to.show_bytes(history_.last(replayed));
}

void GuestConsole::show(Listener& to, std::string_view bytes) {
    history_.append(bytes, growth_);
    if (attached_)
        return to.show_bytes(bytes);
    for (char const c : bytes) {
        if (!line_.put(c))
            continue;
        to.show_line(line_.line());
        line_.next();
    }
}

}  // namespace console
