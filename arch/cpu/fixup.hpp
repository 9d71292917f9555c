// SPDX-License-Identifier: MIT
// Instructions that may fault on a guest's account, and where to go on (EX-7).
// Every such instruction has a row in the section ex_table.
#pragma once

#include "kernel/base/types.hpp"

// In an asm template: the instruction at local label `from` continues at `to`.
#define EX_TABLE(from, to)             \
    ".pushsection ex_table, \"a\"\n\t" \
    ".balign 4\n\t"                    \
    ".long " from " - ., " to          \
    " - .\n\t"                         \
    ".popsection\n\t"

namespace arch {

// Where to go on after a fault at `rip`; 0: nowhere, it is a bug of ours.
u64 find_fixup(u64 rip);

}  // namespace arch
