// SPDX-License-Identifier: MIT
// This CPU's view of the running vcpu's descriptor tables: guest GDT frames
// below our reserved page, LDT frames as they are first used (DT-1, DT-3).
#include <algorithm>
#include <array>
#include <span>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/descriptors.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/image.hpp"
#include "arch/mm/paging.hpp"
#include "arch/pv/vcpu_state.hpp"

namespace {

// What selectors beyond the guest's own GDT pages find: nothing present.
alignas(page_size) constinit std::array<u64, 512> zero_page{};

u64 window_entry(Mfn m) {
    namespace pte = arch::pte;
    return maddr_of(m).raw() | pte::present | pte::accessed | pte::no_execute;
}
// The CPU sets accessed bits in descriptors, so guest frames are mapped
// writable for it; only ring 0 can use these addresses.
u64 writable_entry(Mfn m) {
    return window_entry(m) | arch::pte::writable | arch::pte::dirty;
}

// How many pages of each CPU's windows may show frames.
struct Shown {
    unsigned gdt = arch::guest_gdt_pages;
    unsigned ldt = arch::ldt_window_pages;
};
constinit std::array<Shown, machine::max_cpus> all_shown{};

// One kind of table: where its pages are seen, and what is seen where it has none.
struct Window {
    u64* entries;
    u64 address;
    u64 nothing;

    void set(unsigned page, u64 value) const {
        if (entries[page] == value)
            return;
        entries[page] = value;
        asm volatile("invlpg (%0)" ::"r"(address + page * page_size) : "memory");
    }
    // Behind the first `shown` pages there is nothing. Most tables have one page
    // or none, so only what this table has and the one before it had is looked at.
    void show(std::span<TypeRef const> frames, unsigned pages, unsigned& shown) const {
        unsigned const end = std::max(pages, shown);
        for (unsigned i = 0; i < end; ++i)
            set(i, frames[i] ? writable_entry(frames[i].mfn()) : nothing);
        shown = pages;
    }
};

unsigned pages_of(u32 descriptors) {
    constexpr u32 descriptors_per_page = page_size / sizeof(u64);
    return (descriptors + descriptors_per_page - 1) / descriptors_per_page;
}

}  // namespace

namespace arch {

void load_descriptor_windows(Vcpu& v) {
    CpuLocal& local = this_cpu_local();
    machine::VcpuState const& s = *v.arch;
    Shown& shown = all_shown[local.id.raw()];
    u64* const entries = window_entries(local.id);
    Window const gdt{entries, gdt_window(local.id), window_entry(mfn_of(image_maddr(zero_page.data())))};
    gdt.show(s.gdt_frames, pages_of(s.gdt_entries), shown.gdt);
    gdt.set(guest_gdt_pages, writable_entry(mfn_of(image_maddr(&reserved_gdt_page(local.id)))));
    Window const ldt{entries + gdt_window_pages, ldt_window(local.id), 0};
    ldt.show(s.ldt_frames, pages_of(s.ldt_entries), shown.ldt);
    load_ldt(local.id, s.ldt_entries);
}

}  // namespace arch
