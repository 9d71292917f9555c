// SPDX-License-Identifier: MIT
// What the core asks of the machine about a running guest's own page tables:
// entries for granted frames, and which frame lies behind an address.
#pragma once

#include "kernel/base/result.hpp"

struct Vcpu;

namespace machine {

// How a granted frame is to appear in the caller's address space.
struct GrantMapping {
    Mfn frame{};
    bool readonly = false;
    bool by_entry = false;     // the address is a machine address of an L1 entry
    bool application = false;  // guest user mode may use it, too
    u8 avail = 0;              // the three bits left to the guest
};

// Writes the entry for `address`, a virtual address or, by_entry, a machine
// address (8-byte aligned, inside an L1 table of the caller: GT-06). What was
// mapped there is released. On success the entry owns the reference that the
// caller holds: a general one if readonly, else a writable type. On error it
// stays with the caller. fault: no L1 entry there; inval.
Result<> grant_map(Vcpu& v, u64 address, GrantMapping const& m);

// Empties that entry, only if it maps m.frame with exactly the rights of
// m.readonly: inval otherwise, and nothing is changed. Its reference goes back
// to the caller, who drops it after flushing translations; nothing is flushed
// here.
Result<> grant_unmap(Vcpu& v, u64 address, GrantMapping const& m);

// As grant_unmap, but the entry receives what the one for `new_address` holds,
// which becomes empty.
Result<> grant_replace(Vcpu& v, u64 address, u64 new_address, GrantMapping const& m);

// The frame that `va` maps in the address space loaded now; fault: none.
Result<Mfn> frame_behind(Vcpu& v, Vaddr va);

}  // namespace machine
