// SPDX-License-Identifier: MIT
// Segment bases by hypercall. The guest's kernel calls, so its own GS base is
// the active one and its user space's lies in the other register.
#include "arch/cpu/fixup.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/pv/address.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {
namespace {

// Loads GS from the guest's own tables, for the base that its user space will
// see; a selector that cannot be loaded becomes null.
void load_user_gs_selector(u16 selector) {
    u32 const v = selector;
    asm volatile(
        "swapgs\n"
        "1:\tmov %0, %%gs\n\t"
        "jmp 3f\n"
        "2:\txor %%eax, %%eax\n\t"
        "mov %%eax, %%gs\n"
        "3:\tswapgs\n\t" EX_TABLE("1b", "2b")
        :
        : "r"(v)
        : "eax", "memory");
}

}  // namespace

Answer set_segment_base(Vcpu&, u32 which, u64 base) {
    if (which == SEGBASE_GS_USER_SEL) {
        // Null selectors, of which there are four, stay what they are.
        auto const selector = static_cast<u16>(base);
        load_user_gs_selector(selector > 3 ? selector | 3 : selector);
        return 0;
    }
    if (!pv::canonical(base))
        return Fail{Errno::inval};
    switch (which) {
        case SEGBASE_FS:
            wrmsr(arch::Msr::fs_base, base);
            return 0;
        case SEGBASE_GS_USER:
            wrmsr(arch::Msr::kernel_gs_base, base);
            return 0;
        case SEGBASE_GS_KERNEL:
            wrmsr(arch::Msr::gs_base, base);
            return 0;
        default:
            return Fail{Errno::inval};
    }
}

}  // namespace hypercall
