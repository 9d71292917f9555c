// SPDX-License-Identifier: MIT
// Privileged instructions that a guest's kernel may believe in.
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/init.hpp"
#include "arch/pv/debugreg.hpp"
#include "arch/pv/emulate.hpp"
#include "arch/pv/io_permission.hpp"
#include "arch/pv/roots.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace pv {
namespace {

using arch::Frame;

// What a guest may set in its CR4; the rest is dropped in silence, as on Xen.
u64 cr4_guest_bits() {
    return arch::cr4::tsd | arch::cr4::de | arch::cr4::osxsave |
           (arch::features.fsgsbase ? arch::cr4::fsgsbase : 0);
}
constexpr u64 cr4_shown = arch::cr4::pae | arch::cr4::mce | arch::cr4::osfxsr | arch::cr4::osxmmexcpt;

u64 virtual_cr0(Vcpu const& v) {
    return (arch::read_cr0() & ~arch::cr0::ts) | (v.arch->ts ? arch::cr0::ts : 0);
}

void cpuid(Vcpu& v, Frame& f) {
    auto const r = cpuid_policy(v, static_cast<u32>(f.rax), static_cast<u32>(f.rcx));
    f.rax = r.a;
    f.rbx = r.b;
    f.rcx = r.c;
    f.rdx = r.d;
}

Result<> read_control(Vcpu& v, Frame& f, Instruction const& i) {
    u64& to = gpr(f, i.rm());
    switch (i.reg()) {
        case 0:
            to = virtual_cr0(v);
            return {};
        case 2:
            to = v.info->arch.cr2;
            return {};
        case 3:
            to = maddr_of(v.arch->kernel_root.mfn()).raw();
            return {};
        case 4:
            to = (arch::read_cr4() & cr4_shown) | v.arch->cr4_guest;
            return {};
        default:
            return Fail{Errno::inval};
    }
}

Result<> write_control(Vcpu& v, Frame& f, Instruction const& i) {
    u64 const value = gpr(f, i.rm());
    switch (i.reg()) {
        case 0:
            if (((value ^ virtual_cr0(v)) & ~arch::cr0::ts) != 0)
                return Fail{Errno::inval};
            TRY_VOID(hypercall::fpu_taskswitch(v, (value & arch::cr0::ts) != 0 ? 1 : 0));
            return {};
        case 2:
            v.info->arch.cr2 = value;
            return {};
        case 3:
            return arch::set_kernel_root(v, mfn_of(Maddr{value}));
        case 4:
            v.arch->cr4_guest = value & cr4_guest_bits();
            arch::load_guest_cr4(v.arch->cr4_guest);
            return {};
        default:
            return Fail{Errno::inval};
    }
}

Result<> debug_register(Vcpu& v, Frame& f, Instruction const& i, bool write) {
    if (write)
        return set_debug_register(v, i.reg(), gpr(f, i.rm()));
    gpr(f, i.rm()) = TRY(get_debug_register(v, i.reg()));
    return {};
}

Result<> set_extended_control(Vcpu& v, Frame const& f) {
    u64 const value = f.rdx << 32 | (f.rax & 0xffffffff);
    u64 const avx512 = value & 0xe0;
    bool const valid = arch::features.xsave && f.rcx == 0 && (value & 1) != 0 &&
                       (value & ~arch::features.xcr0_mask) == 0 && ((value & 4) == 0 || (value & 2) != 0) &&
                       (avx512 == 0 || (avx512 == 0xe0 && (value & 4) != 0));
    if (!valid)
        return Fail{Errno::inval};
    v.arch->xcr0 = value;
    arch::xsetbv(value);
    return {};
}

Result<> in_out(Vcpu& v, Frame& f, Instruction& i) {
    bool const by_dx = (i.opcode & 8) != 0;
    bool const out = (i.opcode & 2) != 0;
    unsigned const bytes = (i.opcode & 1) == 0 ? 1 : i.operand16 ? 2 : 4;
    u16 port = static_cast<u16>(f.rdx);
    if (!by_dx) {
        auto const imm = i.immediate(1);
        if (!imm)
            return Fail{Errno::inval};
        port = static_cast<u16>(*imm & 0xff);
    }
    if (!ports_allowed(v, port, bytes))
        return Fail{Errno::perm};
    if (out)
        return port_out(v, port, bytes, static_cast<u32>(read_gpr(f, i, 0, bytes)));
    write_gpr(f, i, 0, bytes, TRY(port_in(v, port, bytes)));
    return {};
}

// Where user code may not read the clock, the kernel still may (CR4.TSD).
void read_clock(Frame& f) {
    u64 const now = machine::cycles();
    f.rax = now & 0xffffffff;
    f.rdx = now >> 32;
}

Result<> clock_or_extended_control(Vcpu& v, Frame& f, Instruction& i) {
    constexpr u8 xsetbv = 0xd1, rdtscp = 0xf9;
    if (!decode_modrm(i))
        return Fail{Errno::inval};
    if (i.modrm == xsetbv)
        return set_extended_control(v, f);
    if (i.modrm != rdtscp || !arch::features.rdtscp)
        return Fail{Errno::inval};
    read_clock(f);
    f.rcx = v.arch->tsc_aux;
    return {};
}

Result<> two_byte(Vcpu& v, Frame& f, Instruction& i) {
    switch (i.opcode) {
        case 0x0f06:  // clts
            TRY_VOID(hypercall::fpu_taskswitch(v, 0));
            return {};
        case 0x0f08:  // invd
        case 0x0f09:  // wbinvd: caches are coherent with everything a guest can reach
            return {};
        case 0x0f01:
            return clock_or_extended_control(v, f, i);
        case 0x0f20:
        case 0x0f21:
        case 0x0f22:
        case 0x0f23:
            if (!decode_modrm(i))
                return Fail{Errno::inval};
            if ((i.opcode & 1) != 0)
                return debug_register(v, f, i, (i.opcode & 2) != 0);
            return (i.opcode & 2) != 0 ? write_control(v, f, i) : read_control(v, f, i);
        case 0x0f30:
            return write_msr(v, static_cast<u32>(f.rcx), f.rdx << 32 | (f.rax & 0xffffffff));
        case 0x0f31:
            read_clock(f);
            return {};
        case 0x0f32: {
            u64 const value = TRY(read_msr(v, static_cast<u32>(f.rcx)));
            f.rax = value & 0xffffffff;
            f.rdx = value >> 32;
            return {};
        }
        default:
            return Fail{Errno::inval};
    }
}

Result<> kernel_instruction(Vcpu& v, Frame& f, Instruction& i) {
    switch (i.opcode) {
        case 0xe4:
        case 0xe5:
        case 0xe6:
        case 0xe7:
        case 0xec:
        case 0xed:
        case 0xee:
        case 0xef:
            return in_out(v, f, i);
        case 0xfa:  // cli and sti: the guest's own mask is in memory
        case 0xfb:
            if (!iopl_suffices(v))
                return Fail{Errno::perm};
            return {};
        default:
            if (i.opcode < 0x0f00 || !v.arch->kernel_mode)
                return Fail{Errno::inval};
            return two_byte(v, f, i);
    }
}

}  // namespace

usize fetch_instruction(arch::Frame const& f, std::span<u8, max_instruction> into) {
    usize n = max_instruction;
    if (!mm::guest_range_ok(f.rip, n))
        return 0;
    if (machine::copy_from_guest(into.data(), Vaddr{f.rip}, n))
        return n;
    // The instruction may end before an unmapped page.
    n = static_cast<usize>(page_size - offset_in_page(Vaddr{f.rip}));
    return n < max_instruction && machine::copy_from_guest(into.data(), Vaddr{f.rip}, n) ? n : 0;
}

bool emulate_privileged(Vcpu& v, arch::Frame& f) {
    std::array<u8, max_instruction> bytes{};
    usize const n = fetch_instruction(f, bytes);
    auto i = decode(std::span<u8 const>{bytes}.first(n));
    if (!i || i->lock)
        return false;
    u64 const next = f.rip;
    if (i->opcode == 0x0fa2 && arch::features.cpuid_faulting)
        cpuid(v, f);
    else if (!kernel_instruction(v, f, *i))
        return false;
    f.rip = next + i->length;
    f.rflags &= ~arch::flags::rf;
    return true;
}

bool emulate_forced(Vcpu& v, arch::Frame& f) {
    constexpr std::array<u8, 7> prefix{0x0f, 0x0b, 'x', 'e', 'n', 0x0f, 0xa2};
    std::array<u8, 7> bytes{};
    if (!mm::guest_range_ok(f.rip, bytes.size()) ||
        !machine::copy_from_guest(bytes.data(), Vaddr{f.rip}, bytes.size()) || bytes != prefix)
        return false;
    cpuid(v, f);
    f.rip += bytes.size();
    return true;
}

}  // namespace pv
