// SPDX-License-Identifier: MIT
#include "arch/boot/ap_tables.hpp"

#include <algorithm>

#include "arch/mm/image.hpp"
#include "arch/mm/page_tables.hpp"
#include "arch/mm/paging.hpp"

namespace boot {
namespace {

constexpr u64 table = arch::pte::present | arch::pte::writable | arch::pte::accessed;
constexpr u64 code = arch::pte::present | arch::pte::accessed;

// The order of start.S. It has more than one L2; the second one becomes the L1
// of the 2 MiB that the code lies in.
enum Table : u64 { root, l3, l2, l1 };
static_assert(arch::load_address.raw() == arch::page_2m);

Maddr place(Table t) {
    return arch::image_maddr(boot_tables) + t * page_size;
}

std::span<u64, 512> entries(Table t) {
    return std::span<u64, 512>{machine::frame_as<u64>(mfn_of(place(t))), 512};
}

}  // namespace

void map_start_code() {
    for (Table const t : {root, l3, l2, l1})
        std::ranges::fill(entries(t), u64{0});
    entries(root)[0] = place(l3).raw() | table;
    entries(l3)[0] = place(l2).raw() | table;
    entries(l2)[1] = place(l1).raw() | table;
    usize i = 0;
    for (Maddr at = arch::load_address; at < arch::image_maddr(boot_code_end); at += page_size)
        entries(l1)[i++] = at.raw() | code;
    std::ranges::copy(arch::hypervisor_slots(), entries(root).begin() + arch::first_hv_slot);
}

void unmap_start_code() {
    entries(root)[0] = 0;
}

}  // namespace boot
