// SPDX-License-Identifier: MIT
// What an instruction with a memory destination does to an operand of 1 to 8
// bytes and to the arithmetic flags. Pure logic, for trapped page-table writes:
// the closed list of forms that kernels use on their page tables (PT-18).
#pragma once

#include <optional>

#include "arch/pv/instruction.hpp"

namespace pv {

struct StoreEffect {
    unsigned bytes = 0;  // operand size
    u64 value = 0;       // what memory gets
    bool stores = true;  // false: a compare that failed
    u64 flags = 0;       // new values of the flags in `flags_changed`
    u64 flags_changed = 0;
    bool writes_register = false;  // XCHG, XADD, failed CMPXCHG
    unsigned reg = 0;
    u64 reg_value = 0;
};

// The operand's size of a supported form, once ModRM and immediate are decoded;
// nothing for every other instruction. Completes i.length.
struct StoreForm {
    unsigned bytes = 0;
    u64 source = 0;    // register or immediate operand
    unsigned reg = 0;  // register number for forms that write one back
};
std::optional<StoreForm> store_form(Instruction& i, arch::Frame& f);

// `old` is the operand as memory holds it now. May be asked again with another
// old value when memory changed in between.
StoreEffect store_effect(Instruction const& i, StoreForm const& form, arch::Frame& f, u64 old);

}  // namespace pv
