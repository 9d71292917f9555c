// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/memory.hpp: a machine with a few MiB of
// RAM, a TLB clock, and a guest address space made by the test.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/frame_alloc.hpp"

namespace host {

// All RAM of the machine, two ranges with a hole between, set up at first use
// and for the life of the program: what a test takes it gives back.
inline constexpr Mfn ram_start{0x400};
inline constexpr u64 ram_frames = 4096;
inline constexpr Mfn hole_start{0x800};
inline constexpr u64 hole_frames = 16;
inline constexpr Mfn device_frame{0x100000};  // beyond all RAM

void power_on();

struct Tlb {
    u32 clock = 1;
    u32 flushed_at = 1;
    std::vector<machine::CpuMask> flushes;
    std::vector<Vaddr> page_flushes;
};
Tlb& tlb();

// Guest memory as its tables would map it: pages that can be read, and of them
// those that can be written.
class GuestSpace {
    struct Page {
        std::byte* bytes;
        bool writable;
    };
    std::map<u64, Page> pages_;
    bool watching_ = false;
    mutable std::set<u64> read_;  // while watched: addresses of bytes
    mutable bool read_twice_ = false;

    void note_read(u64 va, usize n) const;

  public:
    // `bytes` holds whole pages and outlives the mapping.
    void map(Vaddr va, void* bytes, usize n, bool writable = true);
    void unmap(Vaddr va, usize n);
    void clear() { pages_.clear(); }
    // Between the two, each byte that is read is noted: true when one was again.
    void watch_reads();
    [[nodiscard]] bool read_twice();
    [[nodiscard]] bool copy(void* to_or_from, Vaddr va, usize n, bool write) const;
};
GuestSpace& guest();

}  // namespace host
