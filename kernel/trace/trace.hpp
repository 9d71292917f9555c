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
// The kinds that are traced now. Whoever starts or stops writes it, all read.
extern std::atomic<Kinds> wanted;
}  // namespace detail

inline bool wants(Kind kind) {
    return (detail::wanted.load(std::memory_order_relaxed) & bit(kind)) != 0;
}

// Interrupts are off. `who` is asked, for a Who, only when it is wanted.
template <class F>
[[gnu::always_inline]] inline void note(Kind kind, F who, u64 a = 0, u64 b = 0) {
    if (wants(kind)) [[unlikely]]
        machine::call_aside(Ring::Slot::head_of(kind, who()), a, b);
}

inline constexpr u32 events_in_page = page_size / sizeof(Ring::Slot);
// How many events each CPU keeps; said before the first start(), which takes
// the memory for them.
inline constexpr u32 least_room = 64, most_room = 1u << 22;
void set_room(u32 events);

// From now on these are kept, and what was kept before is forgotten. nomem.
Result<> start(Kinds kinds);
void stop();
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
