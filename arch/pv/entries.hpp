// SPDX-License-Identifier: MIT
// What may stand in a guest's page-table entry (PT-03). Pure logic.
//
// A present entry is stored with US set, because guest kernels run in ring 3,
// and on L1 without G, because a global translation would outlive a switch to
// another domain. All other bits that are allowed read back as written. An
// entry that is not present is the guest's own note: it is stored verbatim, as
// guests keep swap positions there. (Against L1TF, guests that use such notes
// invert their frame bits; Granite does not rewrite them.)
#pragma once

#include "arch/mm/paging.hpp"
#include "kernel/mm/page.hpp"

namespace arch::entry {

inline constexpr unsigned per_table = 512;
inline constexpr u64 frame_mask = 0x000ffffffffff000;
inline constexpr u64 pat = pte::large;  // bit 7 is PAT in an L1 entry, PS above
inline constexpr u64 cache_bits = pte::pwt | pte::pcd | pat;
inline constexpr u64 software_bits = u64{7} << 9 | u64{0x7ff} << 52;

inline constexpr u64 allowed_upper = frame_mask | software_bits | pte::present | pte::writable | pte::user |
                                     pte::accessed | pte::dirty | pte::no_execute;
inline constexpr u64 allowed_l1 = allowed_upper | pte::global;

// A difference in these alone needs no second look at what is mapped (PT-04).
inline constexpr u64 harmless = software_bits | pte::accessed | pte::dirty | pte::no_execute;

constexpr bool present(u64 e) {
    return (e & pte::present) != 0;
}
constexpr bool writable(u64 e) {
    return (e & pte::writable) != 0;
}
constexpr Mfn frame(u64 e) {
    return mfn_of(Maddr{e & frame_mask});
}

// Flags that an entry of a table of type `level` may have. On L1, cache bits
// are for device memory only: RAM is always write-back (PT-14).
constexpr bool flags_allowed(PageType level, u64 e, bool device_memory = false) {
    u64 const allowed = level == PageType::l1 ? allowed_l1 | (device_memory ? cache_bits : 0) : allowed_upper;
    return (e & ~allowed) == 0;
}

// A present, allowed entry as it is stored.
constexpr u64 stored(PageType level, u64 e) {
    return (e | pte::user) & ~(level == PageType::l1 ? pte::global : 0);
}

// Whether replacing `old`, which is stored, by `desired` maps the same thing
// with the same rights.
constexpr bool same_use(PageType level, u64 old, u64 desired) {
    return present(old) && present(desired) && ((old ^ stored(level, desired)) & ~harmless) == 0;
}

// The type that a present entry of such a table gives the frame it names.
constexpr PageType next_lower(PageType level) {
    return static_cast<PageType>(static_cast<u8>(level) - 1);
}

// What a present entry of such a table holds RAM frame `p` as; none: by a
// general reference alone.
inline PageType held_as(PageType level, PageInfo const& p, u64 e) {
    if (level != PageType::l1)
        return next_lower(level);
    if (!writable(e))
        return PageType::none;
    return p.type() == PageType::shared ? PageType::shared : PageType::writable;
}

constexpr bool hypervisor_slot(PageType level, unsigned index) {
    return level == PageType::l4 && index >= first_hv_slot && index < end_hv_slot;
}

}  // namespace arch::entry
