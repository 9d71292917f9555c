// SPDX-License-Identifier: MIT
// The last events of all CPUs in one order, the newest first. Needs neither
// locks nor memory, so a panic can use it, too.
#pragma once

#include "kernel/machine/cpu.hpp"
#include "kernel/trace/trace.hpp"

namespace trace {

// An event, and where it was read.
struct Found {
    Event event;
    u32 cpu = 0;
    u64 number = 0;
};

// The last events of all CPUs, the newest first.
class Backwards {
    struct Cursor {
        u64 first = 0, next = 0;  // still to be read: [first, next)
    };
    std::array<Cursor, machine::max_cpus> cursors_;

    [[nodiscard]] std::optional<Event> newest_of(u32 cpu) {
        Cursor& c = cursors_[cpu];
        auto const e = c.next > c.first ? trace::read(CpuId{cpu}, c.next - 1) : std::optional<Event>{};
        if (!e)
            c.next = c.first;  // what is older is overwritten as well
        return e;
    }

  public:
    Backwards() {
        for (u32 cpu = 0; cpu < machine::online_cpus(); ++cpu) {
            auto const extent = trace::extent(CpuId{cpu});
            cursors_[cpu] = {extent.first, extent.end};
        }
    }
    std::optional<Found> next() {
        std::optional<Found> newest;
        for (u32 cpu = 0; cpu < machine::online_cpus(); ++cpu)
            if (auto const e = newest_of(cpu); e && (!newest || e->time > newest->event.time))
                newest = {*e, cpu, cursors_[cpu].next - 1};
        if (newest)
            --cursors_[newest->cpu].next;
        return newest;
    }
};

}  // namespace trace
