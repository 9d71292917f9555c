// SPDX-License-Identifier: MIT
#include "arch/cpu/barriers.hpp"

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/offsets.h"
#include "arch/mm/isolation.hpp"
#include "kernel/base/log.hpp"

// Of VERW: any data segment that can be written to. Read by entry.S, too.
extern "C" u16 const verw_selector;
constinit u16 const verw_selector = SEL_HV_DS;

namespace arch {

constinit Barriers barriers{};
constinit s8 exit_steps = 0;

namespace {

constexpr s8 step_isolation = 1, step_clear_buffers = -1;

SpeculationFacts read_facts() {
    SpeculationFacts f{.intel = features.intel, .amd = features.amd};
    if (cpuid(0).a >= 7) {
        CpuidRegs const seven = cpuid(7);
        f.leaf7_b = seven.b;
        f.leaf7_d = seven.d;
    }
    if (auto const says = rdmsr_safe(Msr::arch_capabilities))
        f.arch_capabilities = *says;
    u32 const top = cpuid(0x80000000).a;
    if (top >= 0x80000008)
        f.ext8_b = cpuid(0x80000008).b;
    if (top >= 0x80000021) {
        CpuidRegs const more = cpuid(0x80000021);
        f.ext21_a = more.a;
        f.ext21_c = more.c;
    }
    return f;
}

void tell(Barriers const& b) {
    auto const word = [](bool on, std::string_view text) { return on ? text : std::string_view{}; };
    log("speculation:{}{}{}{}{}", word(b.ibpb, " IBPB"), word(b.auto_ibrs || (b.spec_ctrl & 1) != 0, " IBRS"),
        word((b.spec_ctrl & 2) != 0, " STIBP"), word(b.clear_buffers, " VERW"),
        word(!b.ibpb && !b.auto_ibrs && b.spec_ctrl == 0 && !b.clear_buffers, " no barriers"));
    if (b.ring0_is_steered || b.guests_are_steered || b.buffers_leak)
        log("speculation: no protection of{}{}{}", word(b.ring0_is_steered, " the hypervisor's branches"),
            word(b.guests_are_steered, b.ring0_is_steered ? ", guests' branches" : " guests' branches"),
            word(b.buffers_leak, b.ring0_is_steered || b.guests_are_steered ? ", buffers" : " buffers"));
}

}  // namespace

void choose_barriers(std::string_view command_line) {
    barriers = choose_barriers(read_facts(), speculation_wishes(command_line));
    if (isolation_on)
        exit_steps = step_isolation;
    if (barriers.clear_buffers)
        exit_steps = step_clear_buffers;
    tell(barriers);
    set_up_barriers();
}

void set_up_barriers() {
    if (barriers.auto_ibrs)
        wrmsr(Msr::efer, rdmsr(Msr::efer) | efer::auto_ibrs);
    if (barriers.spec_ctrl != 0)
        wrmsr(Msr::spec_ctrl, barriers.spec_ctrl);
}

void clear_buffers_if_wanted() {
    if (barriers.clear_buffers)
        asm volatile("verw %0" ::"m"(verw_selector) : "cc");
}

}  // namespace arch
