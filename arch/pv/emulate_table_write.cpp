// SPDX-License-Identifier: MIT
// A guest kernel stores into an L1 table through a read-only mapping, as Linux
// does. The store is computed on a copy of the entry and then applied by the
// same checked update that hypercalls use (PT-18).
#include <cstring>

#include "arch/cpu/control_regs.hpp"
#include "arch/pv/emulate.hpp"
#include "arch/pv/store_effect.hpp"
#include "arch/pv/table_update.hpp"
#include "arch/pv/table_write.hpp"
#include "kernel/domain/domain.hpp"

namespace pv {
namespace {

// The CPU itself may be setting A and D (DS-3).
constexpr unsigned max_attempts = 16;

u64 extract(u64 entry, unsigned offset, unsigned bytes) {
    u64 v = 0;
    std::memcpy(&v, reinterpret_cast<std::byte const*>(&entry) + offset, bytes);
    return v;
}

u64 insert(u64 entry, unsigned offset, unsigned bytes, u64 value) {
    std::memcpy(reinterpret_cast<std::byte*>(&entry) + offset, &value, bytes);
    return entry;
}

void retire(arch::Frame& f, Instruction const& i, StoreEffect const& e) {
    if (e.writes_register)
        write_gpr(f, i, e.reg, e.bytes, e.reg_value);
    f.rflags = (f.rflags & ~(e.flags_changed | arch::flags::rf)) | (e.flags & e.flags_changed);
    f.rip += i.length;
}

// Computes and applies once. again: the entry changed meanwhile.
Result<> attempt(arch::Authority const& who, arch::Frame& f, Instruction const& i, StoreForm const& form,
                 mm::TableLock const& lock, u64* slot, unsigned offset) {
    u64 const old = __atomic_load_n(slot, __ATOMIC_RELAXED);
    StoreEffect const e = store_effect(i, form, f, extract(old, offset, form.bytes));
    if (e.stores) {
        u64 const desired = insert(old, offset, e.bytes, e.value);
        TRY_VOID(arch::update_l1(lock, slot, {.desired = desired, .only_if_expected = true, .expected = old},
                                 who));
    }
    retire(f, i, e);
    return {};
}

}  // namespace

bool emulate_page_table_write(Vcpu& v, arch::Frame& f, Vaddr at) {
    auto const entry = arch::read_only_table_entry(v, at);
    if (!entry)
        return false;
    std::array<u8, max_instruction> bytes{};
    usize const n = fetch_instruction(f, bytes);
    auto i = decode(std::span<u8 const>{bytes}.first(n));
    if (!i)
        return false;
    auto const form = store_form(*i, f);
    auto const offset = static_cast<unsigned>(at.raw() & 7);
    // Naturally aligned, so it stays within the entry.
    if (!form || at.raw() % form->bytes != 0)
        return false;
    PageOwner& owner = v.domain.memory;
    auto const who = arch::own_authority(owner);
    auto const lock = entry->lock(owner);
    if (!lock)
        return false;
    for (unsigned tries = 0; tries < max_attempts; ++tries) {
        auto const r = attempt(who, f, *i, *form, *lock, entry->address, offset);
        if (r)
            return true;
        if (r.error() != Errno::again)
            return false;
    }
    return false;
}

}  // namespace pv
