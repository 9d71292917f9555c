// SPDX-License-Identifier: MIT
// Descriptor formats (Intel SDM volume 3, 3.4.5 and 6.14) and the reserved part
// of every GDT: guests see these selectors whatever GDT they load.
#pragma once

#include <array>

#include "arch/cpu/offsets.h"
#include "kernel/base/types.hpp"

namespace arch {

inline constexpr u16 reserved_gdt_byte = 14 * page_size;  // FIRST_RESERVED_GDT_BYTE
inline constexpr u16 sel_hv_cs = SEL_HV_CS;
inline constexpr u16 sel_hv_ds = SEL_HV_DS;
inline constexpr u16 sel_user_cs32 = SEL_USER_CS32;
inline constexpr u16 sel_user_ds = SEL_USER_DS;
inline constexpr u16 sel_user_cs = SEL_USER_CS;
inline constexpr u16 sel_tss = SEL_TSS;
inline constexpr u16 sel_ldt = SEL_LDT;

struct [[gnu::packed]] TaskState {
    u32 reserved0;
    std::array<u64, 3> rsp;
    u64 reserved1;
    std::array<u64, 7> ist;
    u64 reserved2;
    u16 reserved3;
    u16 io_map;
};
static_assert(sizeof(TaskState) == 104);

enum Ist : u8 { ist_none = 0, ist_nmi = 1, ist_mce = 2, ist_df = 3, ist_db = 4 };

struct Gate {
    u16 offset_low;
    u16 selector;
    u8 ist;
    u8 type;  // present, DPL, kind
    u16 offset_mid;
    u32 offset_high;
    u32 reserved;

    static constexpr u8 interrupt = 0x8e;
    static constexpr u8 interrupt_ring3 = 0xee;
    static Gate to(u64 handler, u8 type, u8 ist) {
        return {static_cast<u16>(handler),       sel_hv_cs, ist, type, static_cast<u16>(handler >> 16),
                static_cast<u32>(handler >> 32), 0};
    }
};
static_assert(sizeof(Gate) == 16);

// A 16-byte system descriptor (TSS 0x89, LDT 0x82) as two words.
constexpr std::array<u64, 2> system_descriptor(u64 base, u32 limit, u8 type) {
    u64 const low = (limit & 0xffff) | (base & 0xffffff) << 16 | u64{type} << 40 |
                    u64{(limit >> 16) & 0xf} << 48 | ((base >> 24) & 0xff) << 56;
    return {low, base >> 32};
}

struct [[gnu::packed]] TablePointer {
    u16 limit;
    u64 base;
};

// The reserved page of a CPU's GDT, to be seen at gdt_window + reserved_gdt_byte.
std::array<u64, 512>& reserved_gdt_page(CpuId cpu);

// Points this CPU's LDT register at its window; no entries: null selector.
void load_ldt(CpuId cpu, u32 entries);

}  // namespace arch
