// SPDX-License-Identifier: MIT
// The hypercalls that only a real machine answers.
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {

#define NEEDS_A_MACHINE(name, ...)      \
    Answer name(Vcpu&, ##__VA_ARGS__) { \
        return Fail{Errno::nosys};      \
    }
NEEDS_A_MACHINE(set_trap_table, GuestPtr<trap_info>)
NEEDS_A_MACHINE(mmu_update, GuestPtr<mmu_update_t const>, u32, GuestPtr<u32>, u32)
NEEDS_A_MACHINE(set_gdt, GuestPtr<u64 const>, u32)
NEEDS_A_MACHINE(stack_switch, u64, u64)
NEEDS_A_MACHINE(set_callbacks, u64, u64, u64)
NEEDS_A_MACHINE(fpu_taskswitch, u32)
NEEDS_A_MACHINE(set_debugreg, u32, u64)
NEEDS_A_MACHINE(get_debugreg, u32)
NEEDS_A_MACHINE(update_descriptor, u64, u64)
NEEDS_A_MACHINE(update_va_mapping, u64, u64, u64)
NEEDS_A_MACHINE(update_va_mapping_otherdomain, u64, u64, u64, u32)
NEEDS_A_MACHINE(iret)
NEEDS_A_MACHINE(set_segment_base, u32, u64)
NEEDS_A_MACHINE(mmuext_op, GuestPtr<mmuext_op_t const>, u32, GuestPtr<u32>, u32)
NEEDS_A_MACHINE(callback_op, u32, GuestPtr<u8>)
NEEDS_A_MACHINE(vm_assist, u32, u32)
#undef NEEDS_A_MACHINE

}  // namespace hypercall
