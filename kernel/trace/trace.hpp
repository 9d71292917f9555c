// SPDX-License-Identifier: MIT
// A record of what happens, on each CPU, for people and for viewers. Off, a
// place that could be traced costs a test of one word.
#pragma once

#include <atomic>
#include <optional>

#include "kernel/base/result.hpp"
#include "kernel/machine/aside.hpp"
#include "kernel/trace/ring.hpp"

namespace trace {

namespace detail {
// The kinds that are traced now: those asked for by start(), and in the other
// half those of also(). Whoever calls these writes it, all read.
extern std::atomic<u32> wanted;
inline constexpr unsigned half = 16;
static_assert(names.size() <= half);
}  // namespace detail

inline bool wants(Kind kind) {
    constexpr u32 both = 1 | 1U << detail::half;
    return (detail::wanted.load(std::memory_order_relaxed) & bit(kind) * both) != 0;
}

// Interrupts are off. `who` is asked, for a Who, only when it is wanted.
template <class F>
[[gnu::always_inline]] inline void note(Kind kind, F who, u64 a = 0, u64 b = 0) {
    if (wants(kind)) [[unlikely]]
        machine::call_aside(Ring::Slot::head_of(kind, who()), a, b);
}

// How many pages of events each CPU keeps; said before they are taken.
inline constexpr u32 most_pages = 1u << 15;
void set_room(u32 pages);
// Takes one of these pages. True: all of them are there, and anything may be kept
// from now on; they are not given back any more. nomem: there are not so many, and
// all that were taken are given back, one a call as well.
Result<bool> make_room();

// From now on these are kept, and what was kept before is forgotten.
void start(Kinds kinds);
void stop();
// Whatever start() and stop() say, these are kept too, without forgetting any.
void also(Kinds kinds);
// Called with the kinds wanted from now on, whenever they change. One is told.
void set_follower(void (*follow)(Kinds));
[[nodiscard]] Kinds kinds();

// One CPU's events since start() have the numbers from `first` up to `end`.
struct Extent {
    u64 first = 0, end = 0;
};
Extent extent(CpuId cpu);
// None: by now overwritten.
std::optional<Event> read(CpuId cpu, u64 number);

}  // namespace trace
