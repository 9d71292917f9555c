// SPDX-License-Identifier: MIT
// Completing the linear map. The builder maps the image, what it adds, and a
// little more; the tables for the rest of memory are made here, out of pages
// that are mapped already.
#include "guest-pv/rt/memory/linear.hpp"

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/memory/page_pool.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/power.hpp"

extern "C" {
extern std::byte const text_end[];
extern std::byte const rodata_end[];
}

namespace rt {

namespace {

u64* p2m_list() {
    return reinterpret_cast<u64*>(start_info().mfn_list);
}

Pfn memory_end() {
    return Pfn{start_info().nr_pages};
}

bool is_mapped(Pfn pfn) {
    auto const entry = page_table::l1_entry(Vaddr{reinterpret_cast<u64>(linear_address(pfn))});
    return entry && (page_table::read_entry(*entry) & page_table::present) != 0;
}

// Pages handed out by the builder beyond the page tables: a guest may find
// its rings there when another loader ran before.
bool is_builders(Mfn frame) {
    return frame == Mfn{start_info().store_mfn} || frame == Mfn{start_info().console.domU.mfn};
}

void free_range(Pfn first, Pfn end) {
    for (Pfn pfn = first; pfn < end; ++pfn)
        if (p2m(pfn) != mfn_none && !is_builders(p2m(pfn)))
            page_pool().free(pfn.raw(), 1);
}

// Map [first, end), which one L1 table covers.
Result<> map_chunk(Pfn first, Pfn end) {
    auto const at = Vaddr{reinterpret_cast<u64>(linear_address(first))};
    if (page_table::l1_entry(at)) {
        page_table::Writer writer;
        for (Pfn pfn = first; pfn < end; ++pfn)
            if (p2m(pfn) != mfn_none) {
                Maddr const entry = TRY(page_table::l1_entry(at + (pfn - first) * page_size));
                TRY_VOID(writer.write(entry, page_table::entry_for(p2m(pfn), page_table::data)));
            }
        return writer.flush();
    }
    auto page = TRY(Pages::allocate());
    auto* entries = page.as<u64>();
    usize const offset = (at.raw() >> page_shift) % page_table::entries;
    for (Pfn pfn = first; pfn < end; ++pfn)
        if (p2m(pfn) != mfn_none)
            entries[offset + (pfn - first)] = page_table::entry_for(p2m(pfn), page_table::data);
    TRY_VOID(page_table::link_l1(at, page.data()));
    page.release();
    return {};
}

Result<> map_rest(Pfn mapped_end) {
    constexpr u64 base_page = RT_LINEAR_BASE >> page_shift;
    for (Pfn first = mapped_end; first < memory_end();) {
        u64 const boundary = round_up(base_page + first.raw() + 1, page_table::entries) - base_page;
        Pfn const end = std::min(Pfn{boundary}, memory_end());
        TRY_VOID(map_chunk(first, end));
        free_range(first, end);
        first = end;
    }
    return {};
}

// The builder maps everything writable and executable; this takes from each
// page what it does not need.
Result<> protect(Pfn end) {
    page_table::Writer writer;
    for (Pfn pfn{0}; pfn < end; ++pfn) {
        auto const* page = linear_address(pfn);
        Maddr const entry = TRY(page_table::l1_entry(Vaddr{reinterpret_cast<u64>(page)}));
        u64 value = page_table::read_entry(entry);
        if (page < rodata_end)
            value &= ~page_table::writable;
        if (page >= text_end)
            value |= page_table::no_execute;
        if (value != page_table::read_entry(entry))
            TRY_VOID(writer.write(entry, value));
    }
    TRY_VOID(writer.flush());
    page_table::flush_tlb();
    return {};
}

}  // namespace

Mfn p2m(Pfn pfn) {
    return Mfn{p2m_list()[pfn.raw()]};
}

void set_p2m(Pfn pfn, Mfn frame) {
    p2m_list()[pfn.raw()] = frame.raw();
}

Mfn mfn_of(void const* address) {
    return p2m(pfn_of(address));
}

std::byte* linear_address(Mfn frame) {
    return linear_address(Pfn{machine_to_phys_mapping[frame.raw()]});
}

void stage::map_all_memory() {
    auto const* tables = reinterpret_cast<std::byte const*>(start_info().pt_base);
    // The builder's stack follows its tables; this guest has its own.
    Pfn const after_tables = pfn_of(tables) + start_info().nr_pt_frames;
    Pfn mapped_end = after_tables;
    while (mapped_end < memory_end() && is_mapped(mapped_end))
        ++mapped_end;

    usize const bitmap_bytes = PageBitmap::bytes_for(start_info().nr_pages);
    Pfn const first_free = after_tables + pages_for(bitmap_bytes);
    if (first_free >= mapped_end)
        panic("the builder mapped too little to begin with");
    start_page_pool({reinterpret_cast<u64*>(linear_address(after_tables)), bitmap_bytes / sizeof(u64)},
                    start_info().nr_pages);
    if (!protect(mapped_end))
        panic("the image cannot be protected");
    free_range(first_free, mapped_end);
    if (!map_rest(mapped_end))
        panic("memory cannot be mapped");
}

}  // namespace rt
