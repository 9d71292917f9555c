// SPDX-License-Identifier: MIT
// One serial line, many speakers. Whole lines come out with the prefix of who
// said them and never mix; the interactive speakers (the driver domain's
// shell, the monitor) may leave a line unfinished, and get it back after others
// have spoken. log() lands here too.
#pragma once

#include <initializer_list>
#include <string_view>

#include "kernel/base/types.hpp"
#include "kernel/console/dmesg.hpp"

namespace console {

// "(dN) text": one line of a domain, already free of control bytes.
void domain_line(DomId who, std::string_view text);

// Bytes as they are, newlines or not: prompts, echo, lines that carry their
// own prefix. Only for speakers that are trusted with the line.
enum class Speaker : u8 { driver_domain, monitor };
inline constexpr usize speakers = 2;
void raw(Speaker who, std::string_view bytes);
// Ends all unfinished lines for good: nobody comes back to them.
void end_lines();

// A line for programs, behind the mark of input.hpp: `granite run` takes it out
// of what it shows, and what is on the screen stays as it is.
void aside(std::initializer_list<std::string_view> parts);

// What `xl dmesg` reads.
Dmesg::Extract read_dmesg(u64 from, std::span<char> into);
u64 dmesg_end();  // the position of what comes next
void clear_dmesg();

}  // namespace console
