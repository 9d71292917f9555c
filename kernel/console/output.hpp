// SPDX-License-Identifier: MIT
// One serial line, many speakers. Whole lines come out with the prefix of who
// said them and never mix; one interactive speaker at a time (the driver
// domain's shell, the monitor) may leave a line unfinished, and gets it back
// after others have spoken. log() lands here too.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"
#include "kernel/console/dmesg.hpp"

namespace console {

// "(dN) text": one line of a domain, already free of control bytes.
void domain_line(DomId who, std::string_view text);

// Bytes as they are, newlines or not: prompts, echo, lines that carry their
// own prefix. Only for speakers that are trusted with the line.
enum class Speaker : u8 { driver_domain, monitor };
void raw(Speaker who, std::string_view bytes);
// Ends an unfinished line for good: nobody comes back to it.
void end_line();

// What `xl dmesg` reads.
Dmesg::Extract read_dmesg(u64 from, std::span<char> into);
u64 dmesg_end();  // the position of what comes next
void clear_dmesg();

}  // namespace console
