// SPDX-License-Identifier: MIT
// What the boot CPU can do, found once. Required features are checked by name.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/types.hpp"

namespace arch {

struct Features {
    std::array<char, 13> vendor{};
    bool intel = false, amd = false;
    unsigned physical_bits = 36;
    bool xsave = false, xsaveopt = false;
    u64 xcr0_mask = 0;     // components that this hypervisor switches
    u32 xsave_size = 512;  // bytes for all of them
    bool smep = false, smap = false, umip = false, fsgsbase = false;
    bool x2apic = false, tsc_deadline = false, invariant_tsc = false;
    bool leaks_supervisor_memory = false;  // to speculating user code (Meltdown)
    bool keeps_x87_pointers = false;       // where FXRSTOR and XRSTOR should load others
    bool gigabyte_pages = false, rdtscp = false, cpuid_faulting = false;
};

extern Features features;

// Fills `features`; panics naming the feature when one is missing that nothing
// works without.
void detect_features();

struct CpuidRegs {
    u32 a, b, c, d;
};
inline CpuidRegs cpuid(u32 leaf, u32 subleaf = 0) {
    CpuidRegs r{};
    asm volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(subleaf));
    return r;
}

}  // namespace arch
