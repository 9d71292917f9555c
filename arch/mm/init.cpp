// SPDX-License-Identifier: MIT
// The hypervisor's own address space and what memory is left: from the tables
// of arch/boot to the master tables, and on to the frame allocator.
#include <algorithm>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/descriptors.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/mm/boot_memory.hpp"
#include "arch/mm/image.hpp"
#include "arch/mm/init.hpp"
#include "arch/mm/page_tables.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/m2p.hpp"
#include "kernel/sync/assert.hpp"

namespace arch {
namespace {

constexpr u64 rw = pte::present | pte::writable | pte::accessed | pte::dirty | pte::no_execute;
constexpr u64 ro = pte::present | pte::accessed | pte::no_execute;
constexpr u64 rx = pte::present | pte::accessed;

// Write-back, write-through, UC-, UC as at reset; then write-combining and
// write-protected, which PV guests know from here (contract 2.8).
constexpr u64 pat_value = 0x0000050100070406;

constexpr Maddr first_megabyte{0x100000};    // firmware's, and where other CPUs start
constexpr Maddr boot_map_end{u64{4} << 30};  // what the tables of arch/boot reach

BootMemory boot_memory;
Maddr boot_limit = boot_map_end;
bool handed_over = false;  // the frame allocator owns memory now
Maddr root;
std::array<u64*, machine::max_cpus> windows;

bool is_ram(MemoryRange const& r) {
    return r.type == 1;
}

// RAM beyond the direct map cannot be used.
Maddr end_in_map(MemoryRange const& r) {
    return std::min(r.start + r.size, Maddr{direct_end - direct_base});
}

void collect_memory(BootInfo const& info) {
    bool ok = true;
    for (MemoryRange const& r : info.memory)
        if (is_ram(r))
            ok = ok && boot_memory.add(r.start, end_in_map(r));
    ok = ok && boot_memory.remove(Maddr{0}, first_megabyte);
    ok = ok && boot_memory.remove(load_address, image_maddr(image_end));
    for (BootModule const& m : info.modules)
        ok = ok && boot_memory.remove(m.start, m.start + m.size);
    if (!ok)
        machine::panic("the memory map is too fragmented");
}

Maddr take(u64 bytes, u64 align) {
    auto const at = boot_memory.allocate(bytes, align, boot_limit);
    if (!at)
        machine::panic("not enough memory for the hypervisor's own tables");
    return *at;
}

u64 largest_page() {
    return features.gigabyte_pages ? page_1g : page_2m;
}

void map_image_part(std::byte const* start, std::byte const* end, u64 flags) {
    u64 const va = reinterpret_cast<u64>(start);
    map_range(root, va, image_maddr(start), reinterpret_cast<u64>(end) - va, flags, page_size);
}

void map_image() {
    map_image_part(image_text, image_rodata, rx);
    map_image_part(image_rodata, image_data, ro);
    map_image_part(image_data, image_data_end, rw);
    map_image_part(image_data_end, image_end, ro);
    u64 const blocks = reinterpret_cast<u64>(cpu_blocks);
    for (u64 cpu = 0; cpu < machine::max_cpus; ++cpu)
        for (u16 const guard : guard_pages)
            page_entry(root, blocks + cpu * cpu_block_size + guard) = 0;
}

void map_direct(Maddr start, Maddr end, u64 flags) {
    if (start < end)
        map_range(root, direct_base + start.raw(), start, end - start, flags, largest_page());
}

struct Part {
    Maddr start{};
    Maddr end{};
};

// Code and constants, in order of their addresses.
std::array<Part, 2> fixed_parts() {
    Maddr const code_end{round_up(image_maddr(boot_code_end).raw(), page_size)};
    return {Part{load_address, code_end}, Part{image_maddr(image_text), image_maddr(image_data)}};
}

// They are read-only here, too: no alias undoes W^X.
void map_ram(Maddr start, Maddr end) {
    for (Part const& p : fixed_parts()) {
        map_direct(start, std::min(end, p.start), rw);
        map_direct(std::max(start, p.start), std::min(end, p.end), ro);
        start = std::max(start, p.end);
    }
    map_direct(start, end, rw);
}

void map_windows() {
    for (u32 i = 0; i < machine::max_cpus; ++i) {
        CpuId const cpu{i};
        windows[i] = &page_entry(root, gdt_window(cpu));
        windows[i][guest_gdt_pages] = image_maddr(&reserved_gdt_page(cpu)).raw() | rw;
    }
}

// Every guest root copies the slots once, so the tables right below them must
// exist now even where nothing is mapped yet.
void make_slots() {
    for (u64 const base : {m2p_base, window_base, mmio_base})
        table_for(root, base, 3);
    // Guests read the M2P; everything else is closed to them at the root.
    u64* const l4 = machine::frame_as<u64>(mfn_of(root));
    for (unsigned slot = first_hv_slot + 1; slot < end_hv_slot; ++slot)
        l4[slot] &= ~pte::user;
}

mm::FrameRange frames_of(Maddr start, Maddr end) {
    return {mfn_of(start), mfn_of(end) - mfn_of(start)};
}

// Guests see pages of the table only where some entry in the page is RAM.
void map_m2p(Maddr table, std::span<mm::FrameRange const> ram) {
    constexpr u64 per_page = page_size / sizeof(u64);
    u64 next = 0;  // first page not mapped yet
    for (mm::FrameRange const& r : ram) {
        u64 const first = std::max(next, r.first.raw() / per_page);
        u64 const end = (r.first.raw() + r.count + per_page - 1) / per_page;
        if (first >= end)
            continue;
        map_range(root, m2p_base + first * page_size, table + first * page_size, (end - first) * page_size,
                  ro | pte::user, page_2m);
        next = end;
    }
}

}  // namespace

Maddr new_table() {
    Maddr at;
    if (handed_over) {
        auto const frame = mm::alloc_frames();
        if (!frame)
            machine::panic("no frame for a page table of the hypervisor");
        return maddr_of(*frame);
    }
    at = take(page_size, page_size);
    std::fill_n(machine::frame_as<u64>(mfn_of(at)), 512, u64{0});
    return at;
}

void load_paging() {
    wrmsr(Msr::efer, rdmsr(Msr::efer) | efer::nxe);
    wrmsr(Msr::pat, pat_value);
    write_cr3(root.raw());
    write_cr0(read_cr0() | cr0::wp);
}

void init_paging(BootInfo const& info) {
    collect_memory(info);
    root = new_table();
    map_image();
    for (MemoryRange const& r : info.memory)
        if (is_ram(r))
            map_ram(r.start, end_in_map(r));
    map_windows();
    make_slots();
    load_paging();
    boot_limit = Maddr{direct_end - direct_base};
}

void hand_over_memory(BootInfo const& info) {
    FixedVector<mm::FrameRange, 256> ram;
    for (MemoryRange const& r : info.memory)
        if (is_ram(r) && r.start < end_in_map(r))
            ASSERT(ram.push(frames_of(r.start, end_in_map(r))));
    Mfn const end = ram.back().first + ram.back().count;

    u64 const bytes = (end.raw() + 1) * sizeof(PageInfo);
    Maddr const table = take(bytes, page_size);
    auto* const records = machine::frame_as<PageInfo>(mfn_of(table));
    std::fill_n(machine::frame_as<u64>(mfn_of(table)), bytes / sizeof(u64), u64{0});
    Maddr const m2p = take(end.raw() * sizeof(u64), page_2m);
    std::fill_n(machine::frame_as<u64>(mfn_of(m2p)), round_up(end.raw(), 512), ~u64{0});
    map_m2p(m2p, ram.view());

    mm::init_frames(records, end, ram.view());
    handed_over = true;
    for (BootMemory::Range const& r : boot_memory.ranges())
        mm::add_free(frames_of(r.start, r.end));
    mm::init_m2p(machine::frame_as<u64>(mfn_of(m2p)), end);
}

Maddr master_l4() {
    return root;
}

std::span<u64 const, 16> hypervisor_slots() {
    return std::span<u64 const, 16>{machine::frame_as<u64>(mfn_of(root)) + first_hv_slot, 16};
}

u64* window_entries(CpuId cpu) {
    return windows[cpu.raw()];
}

}  // namespace arch

namespace machine {

void* frame_ptr(Mfn m) {
    return reinterpret_cast<void*>(arch::direct_base + maddr_of(m).raw());
}

Mfn frame_of(void const* p) {
    return mfn_of(Maddr{reinterpret_cast<u64>(p) - arch::direct_base});
}

}  // namespace machine
