// SPDX-License-Identifier: MIT
// This CPU's view of the running vcpu's descriptor tables: guest GDT frames
// below our reserved page, LDT frames as they are first used (DT-1, DT-3).
#include <array>

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

void set_entry(u64* entries, unsigned slot, u64 value, u64 address) {
    if (entries[slot] == value)
        return;
    entries[slot] = value;
    asm volatile("invlpg (%0)" ::"r"(address) : "memory");
}

}  // namespace

namespace arch {

void load_descriptor_windows(Vcpu& v) {
    CpuLocal& local = this_cpu_local();
    machine::VcpuState const& s = *v.arch;
    u64* const entries = window_entries(local.id);
    u64 const gdt = gdt_window(local.id);
    u64 const nothing = window_entry(mfn_of(image_maddr(zero_page.data())));
    for (unsigned i = 0; i < guest_gdt_pages; ++i) {
        TypeRef const& frame = s.gdt_frames[i];
        set_entry(entries, i, frame ? writable_entry(frame.mfn()) : nothing, gdt + i * page_size);
    }
    Mfn const reserved = mfn_of(image_maddr(&reserved_gdt_page(local.id)));
    set_entry(entries, guest_gdt_pages, writable_entry(reserved), gdt + guest_gdt_pages * page_size);
    u64 const ldt = ldt_window(local.id);
    for (unsigned i = 0; i < ldt_window_pages; ++i) {
        TypeRef const& frame = s.ldt_frames[i];
        set_entry(entries, gdt_window_pages + i, frame ? writable_entry(frame.mfn()) : 0,
                  ldt + i * page_size);
    }
    load_ldt(local.id, s.ldt_entries);
}

}  // namespace arch
