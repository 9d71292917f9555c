// SPDX-License-Identifier: MIT
// A small structure in guest memory that the hypervisor keeps up to date. The
// guest names it once by address; its frames are held as writable until the
// area is replaced or forgotten (HC-9), so it can be written at any time,
// whatever address space is loaded.
#pragma once

#include <cstddef>

#include "kernel/base/result.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/mm/page.hpp"

struct Vcpu;

class GuestArea {
    TypeRef first_, second_;  // Linux puts no care in page boundaries
    u32 offset_ = 0;
    u64 address_ = 0;

    void write_across(u32 at, void const* from, u32 bytes) const;

  public:
    // `bytes` at `va` in the address space of the calling vcpu. fault: not
    // mapped; inval: not writable memory of its domain.
    static Result<GuestArea> at(Vcpu& caller, Vaddr va, u32 bytes);

    [[nodiscard]] bool registered() const { return static_cast<bool>(first_); }
    [[nodiscard]] u64 address() const { return address_; }
    [[nodiscard]] PageInfo* frame(unsigned i) const;  // 0 or 1; null when not held

    // Copies into the area; all of it must lie within what was registered.
    template <class T>
    void write(u32 at, T const& from) const {
        if (second_) [[unlikely]]
            return write_across(at, &from, sizeof from);
        __builtin_memcpy(machine::frame_as<std::byte>(first_.mfn()) + offset_ + at, &from, sizeof from);
    }
};

// A vcpu's area may be replaced by another vcpu while the first one is updated.
using LockedGuestArea = Locked<GuestArea, Rank::guest_area>;
// The old one is let go of outside the lock.
void replace(LockedGuestArea& area, GuestArea by);
