// SPDX-License-Identifier: MIT
#include "kernel/trace/trace.hpp"

#include <algorithm>

#include "kernel/machine/cpu.hpp"
#include "kernel/trace/room.hpp"

namespace trace {
namespace {

using Follower = void (*)(Kinds);
constinit Follower follower = nullptr;

}  // namespace

namespace detail {

constinit std::atomic<u32> wanted{0};

}  // namespace detail

namespace {

// One of the halves; the other one is somebody else's.
void want(Kinds kinds, unsigned shift) {
    constexpr u32 mask = (1U << detail::half) - 1;
    u32 before = detail::wanted.load();
    while (!detail::wanted.compare_exchange_weak(before, (before & ~(mask << shift)) | kinds << shift)) {
    }
    if (follower)
        follower(trace::kinds());
}

}  // namespace

void set_follower(void (*follow)(Kinds)) {
    follower = follow;
}

void start(Kinds kinds) {
    for (u32 cpu = 0; cpu < machine::online_cpus(); ++cpu)
        if (Recorder* const r = recorder_of(CpuId{cpu}))
            r->first.store(r->ring.written());
    want(kinds & all_kinds, 0);
}

void stop() {
    want(0, 0);
}

void also(Kinds kinds) {
    want(kinds & all_kinds, detail::half);
}

Kinds kinds() {
    u32 const both = detail::wanted.load();
    return (both | both >> detail::half) & all_kinds;
}

Extent extent(CpuId cpu) {
    Recorder const* const r = recorder_of(cpu);
    if (!r)
        return {};
    u64 const end = r->ring.written();
    return {std::min(std::max(r->first.load(), r->ring.oldest()), end), end};
}

std::optional<Event> read(CpuId cpu, u64 number) {
    Recorder const* const r = recorder_of(cpu);
    return r ? r->ring.read(number) : std::optional<Event>{};
}

}  // namespace trace

// The way of an event to the ring: `a` is its kind and who, in one word.
extern "C" [[gnu::used]] void machine::called_aside(u64 a, u64 b, u64 c) {
    using Slot = trace::Ring::Slot;
    if (auto* const r = trace::recorder_of(machine::this_cpu()))
        r->ring.write({machine::now(), Slot::kind_in(a), Slot::who_in(a), b, c});
}
