// SPDX-License-Identifier: MIT
// A guest that goes wrong on purpose, to see that somebody notices. The word
// how= of its command line says in which way: `fault` (a null pointer, the
// default), `panic`, `exit` (main() fails).
#include <cstdio>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/power.hpp"

int main() {
    auto const how = rt::command_line_option("how");
    std::puts("crashing on purpose");
    if (how == "panic")
        rt::panic("asked for by the command line");
    if (how == "exit")
        return 1;
    // Volatile, so that the compiler cannot know what it would rather not do.
    int volatile* volatile nowhere = nullptr;
    *nowhere = 1;
    return 0;
}
