// SPDX-License-Identifier: MIT
// Page tables under direct paging. They hold machine frames and are the ones
// the CPU walks, so the hypervisor checks every change: this guest maps its
// tables read-only, reads them directly and writes them by hypercall.
#pragma once

#include <array>

#include "guest-pv/rt/hypercall.hpp"
#include "kernel/abi/xen.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt::page_table {

inline constexpr u64 present = 1 << 0;
inline constexpr u64 writable = 1 << 1;
inline constexpr u64 user = 1 << 2;  // guests run in ring 3, their kernels too
inline constexpr u64 write_through = 1 << 3;
inline constexpr u64 cache_disable = 1 << 4;
inline constexpr u64 accessed = 1 << 5;
inline constexpr u64 dirty = 1 << 6;
inline constexpr u64 no_execute = u64{1} << 63;

inline constexpr u64 table = present | writable | user | accessed | dirty;
inline constexpr u64 data = table | no_execute;
inline constexpr u64 read_only_data = data & ~writable;
inline constexpr u64 code = data & ~(writable | no_execute);

inline constexpr usize entries = 512;
inline constexpr u64 bytes_per_l1 = entries * page_size;

constexpr u64 entry_for(Mfn frame, u64 flags) {
    return maddr_of(frame).raw() | flags;
}
constexpr Mfn frame_of(u64 entry) {
    return Mfn{(entry & 0x000f'ffff'ffff'f000) >> page_shift};
}

// Where the L1 entry for `at` lies; Errno::noent when no L1 table covers it.
Result<Maddr> l1_entry(Vaddr at);

// The entry at a machine address inside one of this domain's tables.
u64 read_entry(Maddr at);

// Make sure that L1 tables exist for [first, first + pages).
Result<> create(Vaddr first, usize pages);

// As create() for the L1 table that covers `at`, of which none exists yet, but
// with contents: `filled` is a page of this guest and becomes the table.
Result<> link_l1(Vaddr at, void* filled);

// Gathers entry writes into few hypercalls. `owner` owns the frames mapped.
class Writer {
  public:
    explicit Writer(DomId owner = hypercall::self) : owner_{owner} {}
    Result<> write(Maddr entry, u64 value);
    // Whatever the outcome, nothing stays queued.
    Result<> flush();

  private:
    DomId owner_;
    std::array<mmu_update_t, 128> requests_;
    usize queued_ = 0;
};

// Empty the entries of [first, first + pages) and forget their translations.
void clear(Vaddr first, usize pages);

void flush_tlb();

}  // namespace rt::page_table
