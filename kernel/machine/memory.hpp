// SPDX-License-Identifier: MIT
// What the core asks of the machine about memory: reach a RAM frame, copy to
// and from the running guest, forget translations. arch/ answers for real
// hardware, tests/host for unit tests.
#pragma once

#include "kernel/base/types.hpp"

namespace machine {

// The hypervisor's own view of a RAM frame. Never null; `m` must be RAM that
// the boot memory map named (the frame table knows: mm::page_of).
void* frame_ptr(Mfn m);

template <class T>
T* frame_as(Mfn m) {
    return static_cast<T*>(frame_ptr(m));
}

// Inverse of frame_ptr for memory that the hypervisor allocated by frames.
Mfn frame_of(void const* p);

// Copies `n` bytes between hypervisor memory and the address space loaded now.
// False when any byte is not accessible; then a prefix may have been copied.
// The range has been checked to lie outside the hypervisor (GuestPtr does).
[[nodiscard]] bool copy_from_guest(void* to, Vaddr from, usize n);
[[nodiscard]] bool copy_to_guest(Vaddr to, void const* from, usize n);

// For a few words, which then need no buffer: while one lives, this CPU may
// touch guest memory at all (SMAP). False as above.
class GuestAccess {
  public:
    GuestAccess();
    ~GuestAccess();
    GuestAccess(GuestAccess const&) = delete;
    GuestAccess& operator=(GuestAccess const&) = delete;

    [[nodiscard]] bool load(Vaddr from, u64& to) const;
    [[nodiscard]] bool load(Vaddr from, u32& to) const;
    [[nodiscard]] bool load(Vaddr from, u16& to) const;
    [[nodiscard]] bool store(Vaddr to, u64 value) const;
    [[nodiscard]] bool store(Vaddr to, u32 value) const;
    [[nodiscard]] bool store(Vaddr to, u16 value) const;
};

// How many frames the roots of a domain that has so many pages may take beside its
// own: what is set aside for them.
u64 frames_for_roots(u64 pages);

// The first address and the first one behind the hypervisor's reserved range.
inline constexpr u64 hypervisor_start = 0xffff800000000000;
inline constexpr u64 hypervisor_end = 0xffff880000000000;

using CpuMask = u64;  // bit n: physical CPU n

// Drop every translation that guest tables made, on each CPU of the mask.
// Returns when all of them have done so.
void flush_tlb(CpuMask cpus);
// The same for one page of the address space loaded there.
void flush_tlb_page(CpuMask cpus, Vaddr va);

// A number that grows with each flush on any CPU. What is stamped with it now
// is safe from stale translations of a CPU as soon as that CPU has flushed:
// each flush counts the clock up, then flushes, then notes the new count as
// this CPU's own, so an overlap errs on flushing (TLB-2).
u32 tlb_clock();
// The CPUs that have not flushed since the clock read `stamp`.
CpuMask tlb_stale(u32 stamp);

}  // namespace machine
