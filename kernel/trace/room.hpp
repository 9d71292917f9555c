// SPDX-License-Identifier: MIT
// The memory for the record: of each CPU a ring of pages.
#pragma once

#include <atomic>

#include "kernel/mm/heap.hpp"
#include "kernel/trace/ring.hpp"

namespace trace {

struct Recorder {
    mm::HeapArray<Ring::Page*> pages;
    u32 taken = 0;  // of them, as long as some are still to come
    Ring ring;
    // Where the present record begins.
    std::atomic<u64> first{0};

    explicit Recorder(mm::HeapArray<Ring::Page*> places) : pages{std::move(places)}, ring{pages.span()} {}
};

// Null until all CPUs have all their pages, which stay for good: a CPU may be
// writing at any time.
[[nodiscard]] Recorder* recorder_of(CpuId cpu);

}  // namespace trace
