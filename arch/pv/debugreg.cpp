// SPDX-License-Identifier: MIT
#include "arch/pv/debugreg.hpp"

#include "arch/cpu/debug_registers.hpp"
#include "kernel/base/nospec.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace pv {
namespace {

constexpr u64 dr7_enable_mask = 0xff;
constexpr u64 dr7_defined = 0xffff03ff;  // enables, exact bits, types and lengths
constexpr u64 dr6_status = 0xe00f;

// Types 2 of 4 are I/O breakpoints, which need CR4.DE and watch ports.
bool has_io_breakpoint(u64 dr7) {
    for (unsigned i = 0; i < 4; ++i)
        if ((dr7 >> (16 + i * 4) & 3) == 2)
            return true;
    return false;
}

bool active(machine::VcpuState const& s) {
    return (s.dr7 & dr7_enable_mask) != 0;
}

}  // namespace

Result<> set_debug_register(Vcpu& v, unsigned reg, u64 value) {
    machine::VcpuState& s = *v.arch;
    if (reg < 4) {
        if (!mm::guest_range_ok(value, 8))
            return Fail{Errno::perm};
        s.dr[nospec::index(reg, s.dr.size())] = value;
    } else if (reg == 6 || reg == 4) {
        s.dr6 = (value & dr6_status) | arch::dr6_nothing;
    } else if (reg == 7 || reg == 5) {
        if (has_io_breakpoint(value) || value >> 32 != 0)
            return Fail{Errno::perm};
        s.dr7 = (value & dr7_defined) | arch::dr7_none;
    } else {
        return Fail{Errno::inval};
    }
    if (&v == machine::current())
        load_debug_registers(v);
    return {};
}

Result<u64> get_debug_register(Vcpu const& v, unsigned reg) {
    machine::VcpuState const& s = *v.arch;
    if (reg < 4)
        return s.dr[nospec::index(reg, s.dr.size())];
    if (reg == 6 || reg == 4)
        return s.dr6;
    if (reg == 7 || reg == 5)
        return s.dr7;
    return Fail{Errno::inval};
}

void load_debug_registers(Vcpu& v) {
    machine::VcpuState const& s = *v.arch;
    if (active(s))
        for (unsigned i = 0; i < 4; ++i)
            arch::set_breakpoint_address(i, s.dr[i]);
    arch::set_dr7(active(s) ? s.dr7 : arch::dr7_none);
}

void unload_debug_registers(Vcpu& v) {
    if (active(*v.arch))
        arch::set_dr7(arch::dr7_none);
}

void collect_debug_status(Vcpu& v) {
    v.arch->dr6 |= arch::take_dr6() & dr6_status;
}

}  // namespace pv

namespace hypercall {

Answer set_debugreg(Vcpu& v, u32 reg, u64 value) {
    TRY_VOID(pv::set_debug_register(v, reg, value));
    return 0;
}

Answer get_debugreg(Vcpu& v, u32 reg) {
    return static_cast<s64>(TRY(pv::get_debug_register(v, reg)));
}

}  // namespace hypercall
