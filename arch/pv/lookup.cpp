// SPDX-License-Identifier: MIT
#include "arch/pv/entries.hpp"
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

bool is_l1_of(PageInfo const& page, PageOwner const& owner) {
    return page.type() == PageType::l1 && page.owner.load(std::memory_order_relaxed) == &owner;
}

}  // namespace

Result<TableEntry> find_l1_entry(Vcpu& v, Vaddr va) {
    TypeRef const& root = v.arch->kernel_root;
    if (!root || !mm::guest_range_ok(va.raw(), 1))
        return Fail{Errno::fault};
    Mfn table = root.mfn();
#pragma GCC unroll 3
    for (unsigned level = 4; level > 1; --level) {
        u64 const e = entry_at(table, index_at(va, level));
        // Another vcpu may take the tables apart as we read: what we find then
        // is anything, but it is looked at only if it is RAM.
        if (!entry::present(e) || !mm::page_of(entry::frame(e)))
            return Fail{Errno::fault};
        table = entry::frame(e);
    }
    if (!is_l1_of(mm::ram_page(table), v.domain.memory))
        return Fail{Errno::fault};
    return TableEntry{table, index_at(va, 1)};
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
    if (!is_l1_of(*page, v.domain.memory))
        return {};
    return TableEntry{entry::frame(e), offset_in_page(at) / sizeof(u64)};
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
