// SPDX-License-Identifier: MIT
// The serial line as the driver domain uses it. Three kinds of output: what
// goes out as it is (prompts, answers of the shell), whole lines of a guest
// with their prefix, and this domain's own lines, which the hypervisor prefixes.
#pragma once

#include <span>
#include <string_view>

#include "guest-pv/rt/time.hpp"
#include "kernel/base/types.hpp"

namespace control::terminal {

// As it is.
void write(std::string_view text);
// "(dN) text". A prompt that stands on the line makes room; restore_line()
// shows it again when the guests have said what they had to say.
void guest_line(DomId guest, std::string_view text);
void restore_line();
// A message of this domain: one line.
void log(std::string_view text);

// What was typed; zero when `deadline` passed first.
usize read(std::span<char> into, Nanos deadline = rt::never);
// Typed ahead of something that is about to begin: whoever reads next gets it.
void unread(std::string_view keys);

}  // namespace control::terminal
