// SPDX-License-Identifier: MIT
// Model-specific registers as a guest sees them (CP-5): a list, and #GP for all
// that is not on it.
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/pv/address.hpp"
#include "arch/pv/emulate.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/abi/hypercall_page.hpp"

namespace pv {
namespace {

using arch::Msr;

constexpr u64 pat_value = 0x0000050100070406;
constexpr u32 hypercall_page_msr = 0x40000000;

// MCG_CAP, MCG_STATUS, MCG_CTL of a machine-check architecture without banks:
// kernels complain where there is none, and with this have nothing to poll.
constexpr bool machine_check(u32 index) {
    return index >= 0x179 && index <= 0x17b;
}

// IA32_MISC_ENABLE (Intel SDM volume 4): fast strings stay as the firmware set
// them; no performance monitoring, MONITOR or speed steps, and neither branch
// traces nor precise events.
u64 misc_enable() {
    constexpr u64 fast_strings = 1, no_branch_trace = 1 << 11, no_precise_events = 1 << 12;
    return (rdmsr(Msr::misc_enable) & fast_strings) | no_branch_trace | no_precise_events;
}

Result<> set_base(Msr m, u64 value) {
    if (!canonical(value))
        return Fail{Errno::inval};
    wrmsr(m, value);
    return {};
}

// The guest names one of its own frames to be filled with call stubs.
Result<> fill_hypercall_page(Vcpu& v, u64 value) {
    PageInfo* const page = mm::page_of(mfn_of(Maddr{value}));
    if (!page || (value & page_mask) != 0)
        return Fail{Errno::inval};
    TypeRef const held = TRY(TypeRef::take(*page, PageType::writable, v.domain.memory));
    abi::fill_hypercall_page(
        std::span<std::byte, page_size>{machine::frame_as<std::byte>(held.mfn()), page_size});
    return {};
}

}  // namespace

Result<u64> read_msr(Vcpu& v, u32 index) {
    switch (static_cast<Msr>(index)) {
        case Msr::fs_base:
        case Msr::gs_base:
        case Msr::kernel_gs_base:
            return rdmsr(static_cast<Msr>(index));
        case Msr::efer:
            return rdmsr(Msr::efer) & ~arch::efer::svme;
        case Msr::apic_base:
            return 0xfee00800 | (v.id.raw() == 0 ? 0x100 : 0);
        case Msr::pat:
            return pat_value;
        case Msr::tsc:
            return machine::cycles();
        case Msr::tsc_aux:
            if (!arch::features.rdtscp)
                return Fail{Errno::inval};
            return v.arch->tsc_aux;
        case Msr::platform_id:
            return arch::features.intel ? Result<u64>{0} : Fail{Errno::inval};
        case Msr::ucode_rev:
            return arch::features.intel || arch::features.amd ? arch::rdmsr_safe(Msr::ucode_rev)
                                                              : Fail{Errno::inval};
        case Msr::misc_enable:
            return arch::features.intel ? Result<u64>{misc_enable()} : Fail{Errno::inval};
        default:
            return machine_check(index) ? Result<u64>{0} : Fail{Errno::inval};
    }
}

Result<> write_msr(Vcpu& v, u32 index, u64 value) {
    if (index == hypercall_page_msr)
        return fill_hypercall_page(v, value);
    switch (static_cast<Msr>(index)) {
        case Msr::fs_base:
        case Msr::gs_base:
        case Msr::kernel_gs_base:
            return set_base(static_cast<Msr>(index), value);
        case Msr::efer:
            return value == *read_msr(v, index) ? Result<>{} : Fail{Errno::inval};
        case Msr::tsc_aux:
            if (!arch::features.rdtscp || value >> 32 != 0)
                return Fail{Errno::inval};
            v.arch->tsc_aux = static_cast<u32>(value);
            wrmsr(Msr::tsc_aux, value);
            return {};
        case Msr::tsc:
        case Msr::misc_enable:
            return {};
        case Msr::ucode_rev:
            return value == 0 ? Result<>{} : Fail{Errno::inval};
        default:
            return machine_check(index) ? Result<>{} : Fail{Errno::inval};
    }
}

}  // namespace pv
