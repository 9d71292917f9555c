// SPDX-License-Identifier: MIT
#include "arch/cpu/features.hpp"

#include <cstring>

#include "arch/cpu/msr.hpp"
#include "kernel/base/format.hpp"
#include "kernel/machine/console.hpp"

namespace arch {

Features features;

namespace {

constexpr bool bit(u32 word, unsigned n) {
    return (word >> n & 1) != 0;
}

void require(bool present, char const* name) {
    if (present)
        return;
    std::array<char, 80> buf{};
    machine::panic(text::format_to(buf, "this CPU lacks {}, which Granite needs", name));
}

void detect_vendor(CpuidRegs const& r) {
    std::memcpy(features.vendor.data(), &r.b, 4);
    std::memcpy(features.vendor.data() + 4, &r.d, 4);
    std::memcpy(features.vendor.data() + 8, &r.c, 4);
    std::string_view const v{features.vendor.data(), 12};
    features.intel = v == "GenuineIntel";
    features.amd = v == "AuthenticAMD" || v == "HygonGenuine";
}

// XCR0 components that are switched: x87, SSE, AVX, AVX-512. PKRU and later
// ones stay off, so user space cannot use what nobody saves (CP-4).
void detect_xsave() {
    constexpr u64 ours = 0x7 | 0xe0;
    CpuidRegs const d = cpuid(0xd);
    u64 mask = (u64{d.d} << 32 | d.a) & ours;
    if ((mask & 0xe0) != 0xe0 || (mask & 4) == 0)
        mask &= ~u64{0xe0};
    features.xcr0_mask = mask;
    features.xsaveopt = bit(cpuid(0xd, 1).a, 0);
    u32 size = 512 + 64;
    for (unsigned i = 2; i < 8; ++i) {
        if ((mask >> i & 1) == 0)
            continue;
        CpuidRegs const c = cpuid(0xd, i);
        size = c.a + c.b > size ? c.a + c.b : size;
    }
    features.xsave_size = size;
}

// Nobody but AMD, and Intel by this bit, has said that a processor does not
// (Intel SDM volume 4, IA32_ARCH_CAPABILITIES bit 0, RDCL_NO).
bool leaks_supervisor_memory() {
    auto const says = rdmsr_safe(Msr::arch_capabilities);
    return !features.amd && !(says && (*says & 1) != 0);
}

// AMD's load FOP, FIP and FDP only with an exception pending, unless they say by
// RstrFpErrPtrs that they always do (AMD64 APM volume 3, Fn8000_0008 EBX).
bool keeps_x87_pointers(CpuidRegs const& sizes) {
    return features.amd && !bit(sizes.b, 2);
}

}  // namespace

void detect_features() {
    CpuidRegs const base = cpuid(0);
    detect_vendor(base);
    CpuidRegs const one = cpuid(1);
    require(bit(one.d, 24), "FXSR");
    require(bit(one.d, 26), "SSE2");
    require(bit(one.d, 9), "a local APIC");
    require(bit(one.c, 23), "POPCNT");
    features.x2apic = bit(one.c, 21);
    features.tsc_deadline = bit(one.c, 24);
    features.xsave = bit(one.c, 26);
    if (base.a >= 7) {
        CpuidRegs const seven = cpuid(7);
        features.fsgsbase = bit(seven.b, 0);
        features.smep = bit(seven.b, 7);
        features.smap = bit(seven.b, 20);
        features.umip = bit(seven.c, 2);
    }
    if (features.xsave && base.a >= 0xd)
        detect_xsave();
    u32 const top = cpuid(0x80000000).a;
    CpuidRegs const ext = cpuid(0x80000001);
    require(bit(ext.d, 11), "SYSCALL");
    require(bit(ext.d, 20), "the no-execute bit");
    features.gigabyte_pages = bit(ext.d, 26);
    features.rdtscp = bit(ext.d, 27);
    if (top >= 0x80000007)
        features.invariant_tsc = bit(cpuid(0x80000007).d, 8);
    CpuidRegs const sizes = top >= 0x80000008 ? cpuid(0x80000008) : CpuidRegs{36, 0, 0, 0};
    features.physical_bits = sizes.a & 0xff;
    features.keeps_x87_pointers = keeps_x87_pointers(sizes);
    if (features.intel)
        if (auto const info = rdmsr_safe(Msr::platform_info))
            features.cpuid_faulting = (*info >> 31 & 1) != 0;
    features.leaks_supervisor_memory = leaks_supervisor_memory();
}

}  // namespace arch
