// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/page_table.hpp"

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/memory/refusal.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt::page_table {

namespace {

constexpr unsigned top_level = 4;

constexpr usize index_at(Vaddr at, unsigned level) {
    return (at.raw() >> (page_shift + 9 * (level - 1))) % entries;
}

Maddr slot(Mfn table_frame, Vaddr at, unsigned level) {
    return maddr_of(table_frame) + index_at(at, level) * sizeof(u64);
}

Mfn root() {
    return mfn_of(reinterpret_cast<void const*>(start_info().pt_base));
}

Result<> write_one(Maddr entry, u64 value) {
    if (is_refused_here())
        return Fail{Errno::nomem};
    Writer writer;
    TRY_VOID(writer.write(entry, value));
    return writer.flush();
}

// A page becomes a table once no writable mapping of it is left, and may be
// written again if it does not.
Result<> link(Maddr parent, void* page) {
    Mfn const frame = rt::mfn_of(page);
    auto const at = Vaddr{reinterpret_cast<u64>(page)};
    TRY_VOID(hypercall::update_va_mapping(at, entry_for(frame, read_only_data), UVMF_INVLPG));
    auto const linked = write_one(parent, entry_for(frame, table));
    if (!linked && !hypercall::update_va_mapping(at, entry_for(frame, data), UVMF_INVLPG))
        panic("a page cannot be made writable again");
    return linked;
}

Result<> link_empty(Maddr parent) {
    auto page = TRY(Pages::allocate());
    TRY_VOID(link(parent, page.data()));
    page.release();
    return {};
}

// Address of the entry for `at` in a table of `level`, making tables above it.
Result<Maddr> entry_at_level(Vaddr at, unsigned level) {
    Mfn frame = root();
    for (unsigned current = top_level; current > level; current--) {
        Maddr const entry = slot(frame, at, current);
        if ((read_entry(entry) & present) == 0)
            TRY_VOID(link_empty(entry));
        frame = frame_of(read_entry(entry));
    }
    return slot(frame, at, level);
}

}  // namespace

u64 read_entry(Maddr at) {
    auto const* table_page = linear_address(mfn_of(at));
    return *reinterpret_cast<u64 const volatile*>(table_page + offset_in_page(at));
}

Result<Maddr> l1_entry(Vaddr at) {
    Mfn frame = root();
    for (unsigned level = top_level; level > 1; level--) {
        u64 const entry = read_entry(slot(frame, at, level));
        if ((entry & present) == 0)
            return Fail{Errno::noent};
        frame = frame_of(entry);
    }
    return slot(frame, at, 1);
}

Result<> create(Vaddr first, usize pages) {
    Vaddr const end = first + pages * page_size;
    for (Vaddr at{round_down(first.raw(), bytes_per_l1)}; at < end; at += bytes_per_l1)
        TRY_VOID(entry_at_level(at, 1));
    return {};
}

Result<> link_l1(Vaddr at, void* filled) {
    Maddr const parent = TRY(entry_at_level(at, 2));
    return link(parent, filled);
}

Result<> Writer::write(Maddr entry, u64 value) {
    requests_[queued_++] = {.ptr = entry.raw() | MMU_NORMAL_PT_UPDATE, .val = value};
    return queued_ == requests_.size() ? flush() : Result<>{};
}

Result<> Writer::flush() {
    usize const count = std::exchange(queued_, 0);
    if (count > 0)
        TRY_VOID(hypercall::mmu_update({requests_.data(), count}, owner_));
    return {};
}

void clear(Vaddr first, usize pages) {
    Writer writer;
    for (usize page = 0; page < pages; page++) {
        auto const entry = l1_entry(first + page * page_size);
        // Emptying an own entry is always allowed.
        if (!entry || !writer.write(*entry, 0))
            panic("a mapping cannot be removed");
    }
    if (!writer.flush())
        panic("a mapping cannot be removed");
    flush_tlb();
}

void flush_tlb() {
    mmuext_op_t const flush{.cmd = MMUEXT_TLB_FLUSH_LOCAL, .arg1 = {}, .arg2 = {}};
    if (!hypercall::mmuext_op({&flush, 1}))
        panic("the TLB cannot be flushed");
}

}  // namespace rt::page_table
