// SPDX-License-Identifier: MIT
// The hypervisor's own address space: L4 slots 256..271, the same in every
// address space there is.
//
//   256  0xffff800000000000  machine-to-physical table, read-only, guests may read it
//   257  0xffff808000000000  nothing; where a guest's root keeps the address of its view
//   258  0xffff810000000000  per-CPU windows: guest GDT and LDT pages
//   259  0xffff818000000000  hypervisor mappings of device memory (APIC, HPET, ECAM)
//   261  0xffff828000000000  hypervisor image: text rx, rodata r, data rw
//   262  0xffff830000000000  direct map of all RAM, rw, never executable (5 TiB)
#pragma once

#include "arch/cpu/percpu.hpp"
#include "kernel/base/types.hpp"
#include "kernel/machine/memory.hpp"

namespace arch {

inline constexpr unsigned first_hv_slot = 256;
inline constexpr unsigned end_hv_slot = 272;
inline constexpr u64 m2p_base = 0xffff800000000000;
inline constexpr u64 window_base = 0xffff810000000000;
inline constexpr u64 mmio_base = 0xffff818000000000;
inline constexpr u64 image_base = 0xffff828000000000;
inline constexpr u64 direct_base = 0xffff830000000000;
inline constexpr u64 direct_end = machine::hypervisor_end;

// Per CPU: 16 pages of GDT (the last two are ours), 16 pages of LDT.
inline constexpr u64 window_stride = 32 * page_size;
inline constexpr unsigned gdt_window_pages = 16;
inline constexpr unsigned guest_gdt_pages = 14;
inline constexpr unsigned ldt_window_pages = 16;
constexpr u64 gdt_window(CpuId cpu) {
    return window_base + cpu.raw() * window_stride;
}
constexpr u64 ldt_window(CpuId cpu) {
    return gdt_window(cpu) + gdt_window_pages * page_size;
}

}  // namespace arch
