// SPDX-License-Identifier: MIT
// The CPU that guests see: the real one, less all that a PV kernel must not
// use (large pages, its own paging features, performance counters, ...) and all
// state that is not switched. One function answers every way of asking.
#include <bit>

#include "arch/cpu/features.hpp"
#include "arch/pv/emulate.hpp"
#include "kernel/mm/page.hpp"

namespace pv {
namespace {

template <class... N>
constexpr u32 bits(N... n) {
    return ((u32{1} << n) | ...);
}

// Leaf 1, by bit number (Intel SDM volume 2, CPUID).
constexpr u32 leaf1_c = bits(0, 1, 9, 12, 13, 19, 20, 22, 23, 25, 26, 28, 29, 30);
constexpr u32 leaf1_d = bits(0, 2, 4, 5, 6, 7, 8, 9, 14, 15, 16, 19, 23, 24, 25, 26, 27);
constexpr u32 c_fma = bits(12), c_xsave = bits(26), c_osxsave = bits(27), c_avx = bits(28), c_f16c = bits(29),
              c_hypervisor = bits(31);
// Leaf 7: no SMEP, SMAP, INVPCID, RTM, MPX, PKU, UMIP, CET, LA57.
constexpr u32 leaf7_b = bits(0, 3, 5, 8, 9, 16, 17, 18, 19, 21, 23, 24, 28, 29, 30, 31);
constexpr u32 leaf7_c = bits(1, 6, 8, 9, 10, 11, 12, 14, 22);
constexpr u32 leaf7_d = bits(2, 3, 4, 8);
constexpr u32 leaf7_c_rdpid = bits(22);
constexpr u32 leaf7_avx512_b = bits(16, 17, 21, 28, 30, 31);
constexpr u32 leaf7_avx512_c = bits(1, 6, 11, 12, 14);
constexpr u32 leaf7_avx_b = bits(5), leaf7_avx_c = bits(9, 10);
constexpr u32 ext1_c = bits(0, 5, 6, 7, 8);
constexpr u32 ext1_d = bits(11, 20, 22, 27, 29);
constexpr u32 ext1_d_amd_copies = leaf1_d & 0x0183f3ff;

constexpr u32 max_basic = 0xd;
constexpr u32 max_extended = 0x80000008;
constexpr u32 xen_base = 0x40000000;
constexpr u32 xen_leaves = 5;

CpuidAnswer hardware(u32 leaf, u32 subleaf = 0) {
    auto const r = arch::cpuid(leaf, subleaf);
    return {r.a, r.b, r.c, r.d};
}

bool has_avx() {
    return (arch::features.xcr0_mask & 4) != 0;
}
bool has_avx512() {
    return (arch::features.xcr0_mask & 0xe0) != 0;
}

CpuidAnswer leaf_1() {
    CpuidAnswer r = hardware(1);
    r.b &= 0x0000ffff;  // no APIC id, no CPU count
    r.c = (r.c & leaf1_c) | c_hypervisor;
    if (!arch::features.xsave)
        r.c &= ~c_xsave;
    if ((r.c & c_xsave) != 0)
        r.c |= c_osxsave;
    if (!has_avx())
        r.c &= ~(c_avx | c_fma | c_f16c);
    r.d &= leaf1_d;
    return r;
}

CpuidAnswer leaf_7(u32 subleaf) {
    if (subleaf != 0)
        return {};
    CpuidAnswer r = hardware(7);
    r.a = 0;
    r.b &= leaf7_b;
    r.c &= leaf7_c;
    r.d &= leaf7_d;
    if (!arch::features.rdtscp)  // the register both read is then not switched
        r.c &= ~leaf7_c_rdpid;
    if (!has_avx()) {
        r.b &= ~leaf7_avx_b;
        r.c &= ~leaf7_avx_c;
    }
    if (!has_avx512()) {
        r.b &= ~leaf7_avx512_b;
        r.c &= ~leaf7_avx512_c;
        r.d &= ~bits(2, 3, 8);
    }
    return r;
}

// Bytes of a standard-form XSAVE area for the components in `mask`.
u32 xsave_bytes(u64 mask) {
    u32 size = 576;
    for (u32 i = 2; i < 8; ++i)
        if ((mask >> i & 1) != 0) {
            auto const c = arch::cpuid(0xd, i);
            size = std::max(size, c.a + c.b);
        }
    return size;
}

CpuidAnswer leaf_d(Vcpu& v, u32 subleaf) {
    u64 const mask = arch::features.xcr0_mask;
    if (!arch::features.xsave)
        return {};
    if (subleaf == 0)
        return {static_cast<u32>(mask), xsave_bytes(v.arch->xcr0), xsave_bytes(mask),
                static_cast<u32>(mask >> 32)};
    if (subleaf == 1)
        return {hardware(0xd, 1).a & 7u, 0, 0, 0};  // XSAVEOPT, XSAVEC, XGETBV1; no XSAVES
    if (subleaf < 63 && (mask >> subleaf & 1) != 0)
        return hardware(0xd, subleaf);
    return {};
}

CpuidAnswer basic(Vcpu& v, u32 leaf, u32 subleaf) {
    switch (leaf) {
        case 0: {
            CpuidAnswer r = hardware(0);
            r.a = std::min(r.a, max_basic);
            return r;
        }
        case 1:
            return leaf_1();
        case 2:
            return hardware(2);
        case 4: {
            CpuidAnswer r = hardware(4, subleaf);
            r.a &= 0x00003fff;  // nothing about threads and cores
            return r;
        }
        case 7:
            return leaf_7(subleaf);
        case 0xd:
            return leaf_d(v, subleaf);
        default:
            return {};
    }
}

CpuidAnswer extended(u32 leaf) {
    CpuidAnswer r = hardware(leaf);
    switch (leaf) {
        case 0x80000000:
            r.a = std::min(r.a, max_extended);
            return r;
        case 0x80000001:
            r.c &= ext1_c;
            r.d &= ext1_d | (arch::features.amd ? ext1_d_amd_copies : 0);
            return r;
        case 0x80000002:
        case 0x80000003:
        case 0x80000004:
        case 0x80000005:
        case 0x80000006:
            return r;
        case 0x80000007:
            return {0, 0, 0, r.d & bits(8)};
        case 0x80000008:
            // 48 bits of linear address whatever the CPU could do. CLZERO, and
            // that FXRSTOR restores error pointers, are for user space, too.
            return {(r.a & 0xff) | 48u << 8, r.b & bits(0, 2), 0, 0};
        default:
            return {};
    }
}

// Time: flags bit 1 says the TSC is safe to use; kHz of the guest and the host.
CpuidAnswer xen_time(u32 subleaf) {
    if (subleaf == 0)
        return {2, 0, machine::tsc_khz(), 0};
    if (subleaf == 2)
        return {machine::tsc_khz(), 0, 0, 0};
    return {};
}

CpuidAnswer xen_leaf(u32 n, u32 subleaf) {
    switch (n) {
        case 0:
            return {xen_base + xen_leaves, 0x566e6558, 0x65584d4d, 0x4d4d566e};  // "XenVMMXenVMM"
        case 1:
            return {4u << 16 | 17u, 0, 0, 0};
        case 2:
            return {1, xen_base, 1, 0};  // hypercall page by MSR; PRESERVE_AD updates
        case 3:
            return xen_time(subleaf);
        case 5: {
            // More than 44 bits would make Linux choose grant tables version 2.
            auto const width = static_cast<u32>(std::bit_width(mm::max_mfn().raw())) + page_shift;
            return {0, std::min(width, u32{44}), 0, 0};
        }
        default:
            return {};
    }
}

}  // namespace

CpuidAnswer cpuid_policy(Vcpu& v, u32 leaf, u32 subleaf) {
    if (leaf <= max_basic)
        return basic(v, leaf, subleaf);
    if (leaf >= xen_base && leaf <= xen_base + xen_leaves)
        return xen_leaf(leaf - xen_base, subleaf);
    if (leaf >= 0x80000000 && leaf <= max_extended)
        return extended(leaf);
    return {};
}

}  // namespace pv
