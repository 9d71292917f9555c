// SPDX-License-Identifier: MIT
// Control and debug registers, and their bits (Intel SDM volume 3, 2.5 and 17.2).
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

namespace cr0 {
inline constexpr u64 pe = 1, mp = 2, em = 4, ts = 8, et = 16, ne = 32, wp = 1u << 16, am = 1u << 18,
                     pg = 1u << 31;
}
namespace cr4 {
inline constexpr u64 tsd = 1u << 2, de = 1u << 3, pse = 1u << 4, pae = 1u << 5, mce = 1u << 6, pge = 1u << 7,
                     osfxsr = 1u << 9, osxmmexcpt = 1u << 10, umip = 1u << 11, fsgsbase = 1u << 16,
                     osxsave = 1u << 18, smep = 1u << 20, smap = 1u << 21;
}
namespace efer {
inline constexpr u64 sce = 1, lme = 1u << 8, lma = 1u << 10, nxe = 1u << 11, svme = 1u << 12,
                     auto_ibrs = 1u << 21;
}
namespace flags {
inline constexpr u64 cf = 1, fixed = 2, pf = 4, af = 0x10, zf = 0x40, sf = 0x80, tf = 0x100, if_ = 0x200,
                     df = 0x400, of = 0x800, iopl = 0x3000, nt = 0x4000, rf = 0x10000, vm = 0x20000,
                     ac = 0x40000, vif = 0x80000, vip = 0x100000, id = 0x200000;
}

// RFLAGS that a guest may run with: what it asks for of the bits that are its
// own, interrupts on, IOPL 0, no virtual-8086 mode (EX-5).
constexpr u64 sanitize_flags(u64 wanted) {
    constexpr u64 own = flags::cf | flags::pf | flags::af | flags::zf | flags::sf | flags::of | flags::tf |
                        flags::df | flags::nt | flags::rf | flags::ac | flags::id;
    return (wanted & own) | flags::if_ | flags::fixed;
}

inline u64 read_cr0() {
    u64 v = 0;
    asm volatile("mov %%cr0, %0" : "=r"(v));
    return v;
}
inline void write_cr0(u64 v) {
    asm volatile("mov %0, %%cr0" ::"r"(v) : "memory");
}
inline void clear_ts() {
    asm volatile("clts" ::: "memory");
}
inline u64 read_cr2() {
    u64 v = 0;
    asm volatile("mov %%cr2, %0" : "=r"(v));
    return v;
}
inline u64 read_cr3() {
    u64 v = 0;
    asm volatile("mov %%cr3, %0" : "=r"(v));
    return v;
}
inline void write_cr3(u64 v) {
    asm volatile("mov %0, %%cr3" ::"r"(v) : "memory");
}
inline u64 read_cr4() {
    u64 v = 0;
    asm volatile("mov %%cr4, %0" : "=r"(v));
    return v;
}
inline void write_cr4(u64 v) {
    asm volatile("mov %0, %%cr4" ::"r"(v) : "memory");
}
inline void xsetbv(u64 v) {
    asm volatile("xsetbv" ::"c"(0), "a"(static_cast<u32>(v)), "d"(static_cast<u32>(v >> 32)) : "memory");
}
inline void stac() {
    asm volatile("stac" ::: "memory", "cc");
}
inline void clac() {
    asm volatile("clac" ::: "memory", "cc");
}

}  // namespace arch
