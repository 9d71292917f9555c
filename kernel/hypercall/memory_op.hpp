// SPDX-License-Identifier: MIT
// The parts of memory_op.
#pragma once

#include "kernel/hypercall/handlers.hpp"

namespace hypercall::memory {

// A list operation goes on at the extent that the upper bits of the command
// name; it answers with the number of extents done.
inline constexpr unsigned extent_shift = 6;

// One extent is zeroed, freed or checked without a break (MM-1, DS-1). Larger ones
// than that are for devices, so for who may drive some and is trusted anyway.
inline constexpr unsigned max_extent_order = 9;
inline unsigned largest_extent(Domain const& caller) {
    constexpr unsigned without_devices = 6;
    return caller.uses_devices() ? max_extent_order : without_devices;
}

// Continues `op` at extent `next`.
Answer restart_at(u32 op, u64 next, GuestPtr<u8> arg);

Answer change_reservation(Vcpu& v, u32 op, u64 first, GuestPtr<u8> arg);
Answer exchange(Vcpu& v, GuestPtr<u8> arg);

Answer reservation(Vcpu& v, u32 op, GuestPtr<u8> arg);
Answer memory_map(Vcpu& v, GuestPtr<u8> arg);
Answer machine_memory_map(Vcpu& v, GuestPtr<u8> arg);
Answer set_memory_map(Vcpu& v, GuestPtr<u8> arg);
Answer machphys_mapping(GuestPtr<u8> arg);

}  // namespace hypercall::memory
