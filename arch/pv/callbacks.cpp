// SPDX-License-Identifier: MIT
// Where a guest wants to be called: traps, events, system calls, its stack.
// Addresses are checked when they are registered (EX-9, DT-4).
#include "arch/cpu/control_regs.hpp"
#include "arch/pv/address.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {
namespace {

machine::Callback* callback_of(machine::VcpuState& s, u32 type) {
    switch (type) {
        case CALLBACKTYPE_event:
            return &s.event;
        case CALLBACKTYPE_failsafe:
            return &s.failsafe;
        case CALLBACKTYPE_syscall:
            return &s.syscall;
        case CALLBACKTYPE_syscall32:
            return &s.syscall32;
        case CALLBACKTYPE_nmi:
            return &s.nmi;
        default:
            return nullptr;
    }
}

Answer register_callback(machine::VcpuState& s, callback_register_t const& r) {
    machine::Callback* const cb = callback_of(s, r.type);
    if (!cb)
        return Fail{Errno::nosys};
    if (!pv::canonical(r.address))
        return Fail{Errno::inval};
    *cb = {r.address, (r.flags & CALLBACKF_mask_events) != 0};
    return 0;
}

// Events and failsafe cannot be taken back: the guest could not go on.
Answer unregister_callback(machine::VcpuState& s, callback_unregister_t const& u) {
    if (u.type == CALLBACKTYPE_event || u.type == CALLBACKTYPE_failsafe || u.type == CALLBACKTYPE_syscall)
        return Fail{Errno::inval};
    machine::Callback* const cb = callback_of(s, u.type);
    if (!cb)
        return Fail{Errno::nosys};
    *cb = {};
    return 0;
}

}  // namespace

Answer set_trap_table(Vcpu& v, GuestPtr<trap_info> table) {
    auto& traps = v.arch->traps;
    if (table.null()) {
        traps.fill({});
        return 0;
    }
    // One row a vector is all that can be useful; more are refused.
    for (u64 i = 0; i <= traps.size(); ++i) {
        trap_info const row = TRY(table.fetch(i));
        if (row.address == 0)
            return 0;
        if (!pv::canonical(row.address))
            return Fail{Errno::inval};
        bool const masks = (row.flags & 4) != 0;
        traps[row.vector] = {row.address, static_cast<u16>(row.cs | 3), static_cast<u8>(row.flags & 3),
                             masks};
    }
    return Fail{Errno::inval};
}

Answer set_callbacks(Vcpu& v, u64 event, u64 failsafe, u64 syscall) {
    if (!pv::canonical(event) || !pv::canonical(failsafe) || !pv::canonical(syscall))
        return Fail{Errno::inval};
    machine::VcpuState& s = *v.arch;
    s.event = {event, true};
    s.failsafe.address = failsafe;
    s.syscall.address = syscall;
    return 0;
}

Answer callback_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg) {
    switch (cmd) {
        case CALLBACKOP_register:
            return register_callback(*v.arch, TRY(arg.as<callback_register_t>().fetch()));
        case CALLBACKOP_unregister:
            return unregister_callback(*v.arch, TRY(arg.as<callback_unregister_t>().fetch()));
        default:
            return Fail{Errno::nosys};
    }
}

Answer stack_switch(Vcpu& v, u64 ss, u64 sp) {
    v.arch->kernel_ss = static_cast<u16>(ss | 3);
    v.arch->kernel_sp = sp;
    return 0;
}

Answer fpu_taskswitch(Vcpu& v, u32 set) {
    v.arch->ts = set != 0;
    if (set != 0)
        arch::write_cr0(arch::read_cr0() | arch::cr0::ts);
    else
        arch::clear_ts();
    return 0;
}

Answer vm_assist(Vcpu& v, u32 cmd, u32 type) {
    constexpr u32 known = 1u << VMASST_TYPE_4gb_segments | 1u << VMASST_TYPE_4gb_segments_notify |
                          1u << VMASST_TYPE_writable_pagetables | 1u << VMASST_TYPE_pae_extended_cr3 |
                          1u << VMASST_TYPE_architectural_iopl | 1u << VMASST_TYPE_runstate_update_flag;
    if (type >= 32 || (known >> type & 1) == 0)
        return Fail{Errno::inval};
    switch (cmd) {
        case VMASST_CMD_enable:
            v.domain.vm_assist |= 1u << type;
            return 0;
        case VMASST_CMD_disable:
            v.domain.vm_assist &= ~(1u << type);
            return 0;
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace hypercall
