// SPDX-License-Identifier: MIT
// A guest kernel stores into an L1 table through a read-only mapping, as Linux
// does. The store is computed on a copy of the entry and then applied by the
// same checked update that hypercalls use (PT-18).
#include <cstring>

#include "arch/cpu/control_regs.hpp"
#include "arch/pv/emulate.hpp"
#include "arch/pv/store_effect.hpp"
#include "arch/pv/table_write.hpp"

namespace pv {
namespace {

constexpr unsigned max_attempts = 16;  // another vcpu may be writing the entry (DS-3)

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
Result<> attempt(Vcpu& v, arch::Frame& f, Instruction const& i, StoreForm const& form,
                 arch::TableEntry const& at, unsigned offset) {
    u64 const old = at.read();
    StoreEffect const e = store_effect(i, form, f, extract(old, offset, form.bytes));
    if (e.stores)
        TRY_VOID(arch::write_table_entry(v, at, old, insert(old, offset, e.bytes, e.value)));
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
    for (unsigned tries = 0; tries < max_attempts; ++tries) {
        auto const r = attempt(v, f, *i, *form, *entry, offset);
        if (r)
            return true;
        if (r.error() != Errno::again)
            return false;
    }
    return false;
}

}  // namespace pv
