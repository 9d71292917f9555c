// SPDX-License-Identifier: MIT
#include "kernel/trace/trace.hpp"

#include <algorithm>

#include "kernel/machine/cpu.hpp"
#include "kernel/mm/heap.hpp"

namespace trace {
namespace {

struct Recorder {
    mm::HeapArray<Ring::Slot> slots;
    Ring ring;
    // Where the present record begins.
    std::atomic<u64> first{0};

    explicit Recorder(mm::HeapArray<Ring::Slot> memory) : slots{std::move(memory)}, ring{slots.span()} {}
};

// Made once and kept for good: a CPU may be writing at any time.
constinit std::array<std::atomic<Recorder*>, machine::max_cpus> recorders{};
using Follower = void (*)(Kinds);
constinit Follower follower = nullptr;
constinit u32 room = 128 * events_in_page;

Result<Recorder*> make_recorder() {
    return mm::heap_new<Recorder>(TRY(mm::HeapArray<Ring::Slot>::make(room)));
}

Result<> make_recorders() {
    for (u32 cpu = 0; cpu < machine::online_cpus(); ++cpu)
        TRY_VOID(make_room(CpuId{cpu}));
    return {};
}

Recorder* recorder_of(CpuId cpu) {
    return cpu.raw() < machine::max_cpus ? recorders[cpu.raw()].load(std::memory_order_acquire) : nullptr;
}

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

void set_room(u32 events) {
    room = std::clamp(events, least_room, most_room);
}

void set_follower(void (*follow)(Kinds)) {
    follower = follow;
}

// Two that start at once may both make one; one of the two is then given back.
Result<> make_room(CpuId cpu) {
    auto& recorder = recorders[cpu.raw()];
    Recorder* none = nullptr;
    if (recorder.load())
        return {};
    if (Recorder* const made = TRY(make_recorder()); !recorder.compare_exchange_strong(none, made))
        mm::heap_delete(made);
    return {};
}

Result<> start(Kinds kinds) {
    TRY_VOID(make_recorders());
    for (auto const& each : recorders)
        if (Recorder* const r = each.load())
            r->first.store(r->ring.written());
    want(kinds & all_kinds, 0);
    return {};
}

void stop() {
    want(0, 0);
}

Result<> also(Kinds kinds) {
    TRY_VOID(make_recorders());
    want(kinds & all_kinds, detail::half);
    return {};
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
