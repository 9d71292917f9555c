// SPDX-License-Identifier: MIT
// The hypercalls that arch/pv answers, for tests of the others: a host has no
// page tables, traps or segments of a guest, and says so.
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {

Answer set_trap_table(Vcpu&, GuestPtr<trap_info>) {
    return Fail{Errno::nosys};
}
Answer mmu_update(Vcpu&, GuestPtr<mmu_update_t const>, u32, GuestPtr<u32>, u32) {
    return Fail{Errno::nosys};
}
Answer set_gdt(Vcpu&, GuestPtr<u64 const>, u32) {
    return Fail{Errno::nosys};
}
Answer stack_switch(Vcpu&, u64, u64) {
    return Fail{Errno::nosys};
}
Answer set_callbacks(Vcpu&, u64, u64, u64) {
    return Fail{Errno::nosys};
}
Answer fpu_taskswitch(Vcpu&, u32) {
    return Fail{Errno::nosys};
}
Answer set_debugreg(Vcpu&, u32, u64) {
    return Fail{Errno::nosys};
}
Answer get_debugreg(Vcpu&, u32) {
    return Fail{Errno::nosys};
}
Answer update_descriptor(Vcpu&, u64, u64) {
    return Fail{Errno::nosys};
}
Answer update_va_mapping(Vcpu&, u64, u64, u64) {
    return Fail{Errno::nosys};
}
Answer update_va_mapping_otherdomain(Vcpu&, u64, u64, u64, u32) {
    return Fail{Errno::nosys};
}
Answer iret(Vcpu&) {
    return Fail{Errno::nosys};
}
Answer set_segment_base(Vcpu&, u32, u64) {
    return Fail{Errno::nosys};
}
Answer mmuext_op(Vcpu&, GuestPtr<mmuext_op_t const>, u32, GuestPtr<u32>, u32) {
    return Fail{Errno::nosys};
}
Answer callback_op(Vcpu&, u32, GuestPtr<u8>) {
    return Fail{Errno::nosys};
}
Answer vm_assist(Vcpu&, u32, u32) {
    return Fail{Errno::nosys};
}

}  // namespace hypercall
