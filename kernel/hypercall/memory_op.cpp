// SPDX-License-Identifier: MIT
// memory_op: who has how much memory, and where the tables about it are.
#include "kernel/hypercall/memory_op.hpp"

#include "kernel/hypercall/dispatch.hpp"

namespace hypercall {

Answer memory::restart_at(u32 op, u64 next, GuestPtr<u8> arg) {
    continue_with_args(op | next << extent_shift, arg.raw());
    return Fail{Errno::restart};
}

Answer memory_op(Vcpu& v, u64 cmd, GuestPtr<u8> arg) {
    auto const op = static_cast<u32>(cmd & ((1u << memory::extent_shift) - 1));
    switch (op) {
        case XENMEM_increase_reservation:
        case XENMEM_decrease_reservation:
        case XENMEM_populate_physmap:
            return memory::change_reservation(v, op, cmd >> memory::extent_shift, arg);
        case XENMEM_exchange:
            return memory::exchange(v, arg);
        case XENMEM_maximum_ram_page:
            return static_cast<s64>(mm::max_mfn().raw());
        case XENMEM_current_reservation:
        case XENMEM_maximum_reservation:
            return memory::reservation(v, op, arg);
        case XENMEM_machphys_mapping:
            return memory::machphys_mapping(arg);
        case XENMEM_memory_map:
            return memory::memory_map(v, arg);
        case XENMEM_machine_memory_map:
            return memory::machine_memory_map(v, arg);
        case XENMEM_set_memory_map:
            return memory::set_memory_map(v, arg);
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace hypercall
