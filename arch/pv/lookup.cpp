// SPDX-License-Identifier: MIT
#include "arch/pv/table_update.hpp"
#include "arch/pv/table_write.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/machine/mapping.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace arch {
namespace {

constexpr unsigned index_bits = 9;

constexpr unsigned index_at(Vaddr va, unsigned level) {
    return static_cast<unsigned>(va.raw() >> (page_shift + index_bits * (level - 1))) &
           (entry::per_table - 1);
}

u64 entry_at(Mfn table, unsigned index) {
    return __atomic_load_n(machine::frame_as<u64>(table) + index, __ATOMIC_RELAXED);
}

}  // namespace

Result<TableEntry> find_l1_entry(Vcpu& v, Vaddr va) {
    TypeRef const& root = v.arch->kernel_root;
    if (!root || !mm::guest_range_ok(va.raw(), 1))
        return Fail{Errno::fault};
    Mfn table = root.mfn();
    for (unsigned level = 4; level > 1; --level) {
        u64 const e = entry_at(table, index_at(va, level));
        // Another vcpu may take the tables apart as we read: what we find then
        // is anything, but it is looked at only if it is RAM, and used only if
        // it is an L1 table of this domain when it is locked.
        if (!entry::present(e) || !mm::page_of(entry::frame(e)))
            return Fail{Errno::fault};
        table = entry::frame(e);
    }
    auto held = PageRef::take_of(*mm::page_of(table), v.domain.memory);
    if (!held)
        return Fail{Errno::fault};
    return TableEntry{std::move(*held), index_at(va, 1)};
}

bool allows_access(Vcpu const& v, Vaddr va, bool write) {
    TypeRef const& root = v.arch->kernel_mode ? v.arch->kernel_root : v.arch->user_root;
    if (!root || !mm::guest_range_ok(va.raw(), 1))
        return false;
    u64 const needed = pte::present | pte::user | (write ? pte::writable : 0);
    Mfn table = root.mfn();
    for (unsigned level = 4; level > 0; --level) {
        u64 const e = entry_at(table, index_at(va, level));
        if ((e & needed) != needed)
            return false;
        table = entry::frame(e);
        if (level > 1 && !mm::page_of(table))
            return false;
    }
    return true;
}

std::optional<TableEntry> read_only_table_entry(Vcpu& v, Vaddr at) {
    auto const mapping = find_l1_entry(v, at);
    u64 const e = mapping ? mapping->read() : 0;
    PageInfo* const page = entry::present(e) && !entry::writable(e) ? mm::page_of(entry::frame(e)) : nullptr;
    if (!page)
        return {};
    auto held = PageRef::take_of(*page, v.domain.memory);
    if (!held || (*held)->type() != PageType::l1)
        return {};
    return TableEntry{std::move(*held), static_cast<unsigned>(offset_in_page(at) / sizeof(u64))};
}

Result<> write_table_entry(Vcpu& v, TableEntry const& at, u64 expected, u64 desired) {
    auto const lock = TRY(mm::TableLock::take(*at.table, PageType::l1));
    Store const store{.desired = desired, .only_if_expected = true, .expected = expected};
    return update_l1(lock, at.address(), store, own_authority(v.domain.memory));
}

}  // namespace arch

namespace machine {

Result<Mfn> frame_behind(Vcpu& v, Vaddr va) {
    u64 const e = TRY(arch::find_l1_entry(v, va)).read();
    if (!arch::entry::present(e))
        return Fail{Errno::fault};
    return arch::entry::frame(e);
}

}  // namespace machine
