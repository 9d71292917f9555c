// SPDX-License-Identifier: MIT
// Model-specific registers: the ones we use, and accessors. The safe ones
// survive registers that do not exist.
#pragma once

#include "kernel/base/result.hpp"

namespace arch {

enum class Msr : u32 {
    tsc = 0x10,
    platform_id = 0x17,
    apic_base = 0x1b,
    ucode_rev = 0x8b,
    spec_ctrl = 0x48,
    pred_cmd = 0x49,
    platform_info = 0xce,
    arch_capabilities = 0x10a,
    misc_features = 0x140,
    misc_enable = 0x1a0,
    pat = 0x277,
    efer = 0xc0000080,
    star = 0xc0000081,
    lstar = 0xc0000082,
    cstar = 0xc0000083,
    sfmask = 0xc0000084,
    fs_base = 0xc0000100,
    gs_base = 0xc0000101,
    kernel_gs_base = 0xc0000102,
    tsc_aux = 0xc0000103,
    sysenter_cs = 0x174,
    sysenter_esp = 0x175,
    sysenter_eip = 0x176,
    tsc_deadline = 0x6e0,
    x2apic_base = 0x800,
};

inline u64 rdmsr(Msr m) {
    u32 lo = 0, hi = 0;
    asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(static_cast<u32>(m)));
    return u64{hi} << 32 | lo;
}
inline void wrmsr(Msr m, u64 v) {
    asm volatile("wrmsr" ::"c"(static_cast<u32>(m)), "a"(static_cast<u32>(v)), "d"(static_cast<u32>(v >> 32))
                 : "memory");
}

// io: the register does not exist or refuses the value.
Result<u64> rdmsr_safe(Msr m);
Result<> wrmsr_safe(Msr m, u64 v);

}  // namespace arch
