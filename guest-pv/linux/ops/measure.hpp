// SPDX-License-Identifier: MIT
// Counts what an operation costs by the time-stamp counter. Under QEMU's
// -icount that is a number of instructions, of the whole machine.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <x86intrin.h>

namespace ops {

// A system call failed that never should: the figures would be of something else.
inline void must(bool succeeded, char const* what) {
    if (!succeeded) {
        std::perror(what);
        std::exit(1);
    }
}

// The median of several rounds: a timer tick falls into some of them. `round`
// does `times` operations and answers with what they took together.
template <class Round>
void report(char const* name, std::uint64_t times, Round round) {
    std::array<std::uint64_t, 15> taken;
    round();  // fills caches of the kernel: the first is dearer
    for (auto& each : taken)
        each = round();
    std::nth_element(taken.begin(), taken.begin() + taken.size() / 2, taken.end());
    std::printf("ops %s %llu\n", name, static_cast<unsigned long long>(taken[taken.size() / 2] / times));
}

template <class Operation>
std::uint64_t cost(Operation operation) {
    auto const start = __rdtsc();
    operation();
    return __rdtsc() - start;
}

template <class Operation>
void report_each(char const* name, std::uint64_t times, Operation operation) {
    report(name, times, [&] {
        return cost([&] {
            for (std::uint64_t i = 0; i < times; i++)
                operation();
        });
    });
}

}  // namespace ops
