// SPDX-License-Identifier: MIT
#include "arch/mm/isolation.hpp"

#include <array>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/entry_page.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/init.hpp"
#include "arch/mm/image.hpp"
#include "arch/mm/page_tables.hpp"
#include "kernel/base/log.hpp"

namespace arch {

constinit bool isolation_on = false;

namespace {

constinit std::array<u64, end_hv_slot - first_hv_slot> slots{};

constexpr u64 text_flags = pte::present | pte::accessed;
constexpr u64 data_flags = pte::present | pte::writable | pte::accessed | pte::dirty | pte::no_execute;

constexpr unsigned slot_of(u64 va) {
    return static_cast<unsigned>(va >> 39 & 511);
}

void map_part(Maddr root, std::byte const* start, std::byte const* end, u64 flags) {
    auto const va = reinterpret_cast<u64>(start);
    map_range(root, va, image_maddr(start), reinterpret_cast<u64>(end) - va, flags, page_size);
}

// The entry parts of the image by tables of their own; the descriptor windows
// by those that they have.
void make_slots() {
    Maddr const root = new_table();
    map_part(root, entry_text, entry_text_end, text_flags);
    map_part(root, entry_data, entry_data_end, data_flags);
    unsigned const image = slot_of(image_base), windows = slot_of(window_base);
    slots[image - first_hv_slot] = machine::frame_as<u64>(mfn_of(root))[image] & ~pte::user;
    slots[windows - first_hv_slot] = hypervisor_slots()[windows - first_hv_slot];
}

}  // namespace

void choose_isolation(std::string_view command_line) {
    isolation_on = isolation_wanted(command_line, features.leaks_supervisor_memory);
    if (isolation_on) {
        make_slots();
        isolate_entries(machine::this_cpu());
        log("page-table isolation is on");
    } else if (features.leaks_supervisor_memory) {
        log("page-table isolation is off: guests can read all memory of this machine by Meltdown");
    }
}

std::span<u64 const, 16> guest_view_slots() {
    return slots;
}

void load_roots(Maddr own, Maddr guest) {
    if (isolation_on) {
        EntryPage& page = entry_pages[machine::this_cpu().raw()];
        page.own_root = own.raw();
        page.guest_root = guest.raw();
    }
    write_cr3(own.raw());
}

}  // namespace arch
