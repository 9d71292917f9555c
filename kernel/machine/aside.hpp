// SPDX-License-Identifier: MIT
// A call from a hot path that is hardly ever made. To the compiler it is no
// call: it keeps no register free for it, saves none, and so a path on which
// it is not made is as if it were not there.
#pragma once

#include "kernel/base/types.hpp"

namespace machine {

// What is called so; defined by who wants it (kernel/trace).
extern "C" void called_aside(u64 a, u64 b, u64 c);

[[gnu::always_inline]] inline void call_aside(u64 a, u64 b, u64 c) {
#ifdef GRANITE_HYPERVISOR
    // It takes its arguments from the stack, and off it, and saves all
    // registers (arch/cpu/aside.S).
    asm volatile("push %2\n\tpush %1\n\tpush %0\n\tcall aside" : : "r"(a), "r"(b), "r"(c) : "memory", "cc");
#else
    called_aside(a, b, c);
#endif
}

}  // namespace machine
