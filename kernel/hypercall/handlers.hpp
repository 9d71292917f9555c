// SPDX-License-Identifier: MIT
// The handlers of hypercalls.inc. Parameters say what the ABI passes in the
// argument registers: 32-bit parameters take the low half, as the ABI has it.
// Each returns what RAX gets, or the error; Errno::restart asks to be called
// again (see dispatch.hpp).
#pragma once

#include "kernel/abi/xen.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace hypercall {

using Answer = Result<s64>;

// arch/pv: what only a PV guest of this machine asks
Answer set_trap_table(Vcpu& v, GuestPtr<trap_info> table);
Answer mmu_update(Vcpu& v, GuestPtr<mmu_update_t const> reqs, u32 count, GuestPtr<u32> done, u32 domid);
Answer set_gdt(Vcpu& v, GuestPtr<u64 const> frames, u32 entries);
Answer stack_switch(Vcpu& v, u64 ss, u64 sp);
Answer set_callbacks(Vcpu& v, u64 event, u64 failsafe, u64 syscall);
Answer fpu_taskswitch(Vcpu& v, u32 set);
Answer set_debugreg(Vcpu& v, u32 reg, u64 value);
Answer get_debugreg(Vcpu& v, u32 reg);
Answer update_descriptor(Vcpu& v, u64 maddr, u64 descriptor);
Answer update_va_mapping(Vcpu& v, u64 va, u64 entry, u64 flags);
Answer update_va_mapping_otherdomain(Vcpu& v, u64 va, u64 entry, u64 flags, u32 domid);
Answer iret(Vcpu& v);
Answer set_segment_base(Vcpu& v, u32 which, u64 base);
Answer mmuext_op(Vcpu& v, GuestPtr<mmuext_op_t const> ops, u32 count, GuestPtr<u32> done, u32 domid);
Answer callback_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg);
Answer vm_assist(Vcpu& v, u32 cmd, u32 type);

// kernel/hypercall
Answer platform_op(Vcpu& v, GuestPtr<u8> op);
Answer memory_op(Vcpu& v, u64 cmd, GuestPtr<u8> arg);
Answer multicall(Vcpu& v, GuestPtr<multicall_entry_t> list, u32 count);
Answer set_timer_op(Vcpu& v, u64 deadline);
Answer xen_version(Vcpu& v, u32 cmd, GuestPtr<u8> arg);
Answer console_io(Vcpu& v, u32 cmd, u32 count, GuestPtr<u8> buffer);
Answer grant_table_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg, u32 count);
Answer vcpu_op(Vcpu& v, u32 cmd, u32 vcpu, GuestPtr<u8> arg);
Answer sched_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg);
Answer event_channel_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg);
Answer physdev_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg);
Answer sysctl(Vcpu& v, GuestPtr<u8> op);
Answer domctl(Vcpu& v, GuestPtr<u8> op);
Answer granite_op(Vcpu& v, u32 cmd, u64 a, u64 b, u64 c, u64 d);

}  // namespace hypercall
