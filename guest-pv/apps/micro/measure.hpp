// SPDX-License-Identifier: MIT
// Counting by the time-stamp counter, and the figures' way out: a line
// `micro NAME VALUE` each, VALUE in counts per operation.
#pragma once

#include <cstdio>

#include "kernel/base/types.hpp"

namespace micro {

inline constexpr unsigned rounds = 256;

inline u64 counter() {
    u32 low = 0, high = 0;
    asm volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
    return u64{high} << 32 | low;
}

// What reading the counter twice costs by itself.
inline u64 overhead() {
    u64 const a = counter();
    return counter() - a;
}

inline void print(char const* name, u64 total, u64 count) {
    std::printf("micro %s %lu\n", name, total / count);
}

// `operation` does `each` of what is measured.
template <class F>
void measure(char const* name, F&& operation, unsigned each = 1) {
    operation();  // whatever happens only the first time
    u64 total = 0;
    for (unsigned i = 0; i < rounds; ++i) {
        u64 const start = counter();
        operation();
        total += counter() - start - overhead();
    }
    print(name, total, u64{rounds} * each);
}

void calls();
void events();
void tables();
void grants();
void switches();
// Takes the kit's handlers of exceptions and system calls away, so it is last.
void traps();

}  // namespace micro
