// SPDX-License-Identifier: MIT
// Guest GDTs and LDTs: frames of type segdesc, held by the vcpu.
#include <algorithm>
#include <array>

#include "arch/mm/paging.hpp"
#include "arch/pv/gdt.hpp"
#include "arch/pv/ldt.hpp"
#include "arch/pv/segment_descriptor.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "arch/pv/table_write.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace {

constexpr u32 max_gdt_entries = arch::guest_gdt_pages * 512;
constexpr u32 entries_per_page = 512;

Result<TypeRef> take_segdesc(Vcpu& v, Mfn m) {
    PageInfo* const page = mm::page_of(m);
    if (!page)
        return Fail{Errno::inval};
    return TypeRef::take(*page, PageType::segdesc, v.domain.memory);
}

void reload_if_current(Vcpu& v) {
    if (&v == machine::current())
        arch::load_descriptor_windows(v);
}

}  // namespace

namespace arch {

Result<> set_gdt(Vcpu& v, std::span<unsigned long const> frames, u32 entries) {
    if (entries > max_gdt_entries)
        return Fail{Errno::inval};
    u32 const pages = (entries + entries_per_page - 1) / entries_per_page;
    if (pages > frames.size())
        return Fail{Errno::inval};
    std::array<TypeRef, guest_gdt_pages> held{};
    for (u32 i = 0; i < pages; ++i)
        held[i] = TRY(take_segdesc(v, Mfn{frames[i]}));
    v.arch->gdt_frames.swap(held);
    v.arch->gdt_entries = entries;
    // The windows must let go of the old frames before their references do.
    reload_if_current(v);
    return {};
}

bool fault_in_ldt_page(Vcpu& v, unsigned page) {
    machine::VcpuState& s = *v.arch;
    if (page >= ldt_window_pages || page * entries_per_page >= s.ldt_entries || s.ldt_frames[page])
        return false;
    // An LDT is described by the kernel's address space, whoever faults on it.
    auto const at = find_l1_entry(v, Vaddr{s.ldt_base + page * page_size});
    u64 const entry = at ? at->read() : 0;
    if ((entry & pte::present) == 0)
        return false;
    auto frame = take_segdesc(v, mfn_of(Maddr{entry & 0x000ffffffffff000}));
    if (!frame)
        return false;
    s.ldt_frames[page] = std::move(*frame);
    reload_if_current(v);
    return true;
}

void forget_ldt_pages(Vcpu& v) {
    machine::VcpuState& s = *v.arch;
    if (s.ldt_entries == 0)
        return;
    std::array<TypeRef, ldt_window_pages> held{};
    s.ldt_frames.swap(held);
    // As above: first the windows, then the references.
    reload_if_current(v);
}

}  // namespace arch

namespace hypercall {

Answer set_gdt(Vcpu& v, GuestPtr<u64 const> frames, u32 entries) {
    if (entries > max_gdt_entries)
        return Fail{Errno::inval};
    std::array<unsigned long, arch::guest_gdt_pages> list{};
    u32 const pages = (entries + entries_per_page - 1) / entries_per_page;
    TRY_VOID(frames.as<unsigned long const>().fetch_into(list.data(), pages));
    TRY_VOID(arch::set_gdt(v, list, entries));
    return 0;
}

Answer update_descriptor(Vcpu& v, u64 maddr, u64 descriptor) {
    auto const value = pv::checked_descriptor(descriptor);
    PageInfo* const page = mm::page_of(mfn_of(Maddr{maddr}));
    if (!value || !page || maddr % sizeof(u64) != 0)
        return Fail{Errno::inval};
    // A page not yet in use as a table is plain memory, written like any other.
    PageType const type = page->type() == PageType::segdesc ? PageType::segdesc : PageType::writable;
    TypeRef const held = TRY(TypeRef::take(*page, type, v.domain.memory));
    u64* const slot = machine::frame_as<u64>(held.mfn()) + offset_in_page(Maddr{maddr}) / sizeof(u64);
    __atomic_store_n(slot, *value, __ATOMIC_RELEASE);
    return 0;
}

}  // namespace hypercall
