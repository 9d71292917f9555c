// SPDX-License-Identifier: MIT
// What a present entry holds. L1: a general reference on the frame, with the
// type writable (or shared) if it maps read-write; device memory: nothing.
// L2..L4: the next lower type on the frame.
#pragma once

#include "arch/pv/entries.hpp"
#include "kernel/base/result.hpp"

namespace arch {

// On whose authority frames are mapped (PT-13).
struct Authority {
    PageOwner* frames = nullptr;  // whose RAM; null: none
    bool devices = false;         // what is not RAM
};
inline Authority own_authority(PageOwner& o) {
    return {&o, o.maps_devices};
}

// Takes what the present entry `e` of an L1 table is to hold. The answer is the
// entry to store. inval, perm (device memory), busy.
Result<u64> take_l1(u64 e, Authority const& who);
// Gives back what a stored L1 entry holds.
void drop_l1(u64 e);

// The same for an entry of an L2..L4 table. Both may stop half-way: restart,
// and a frame to close, as of mm::get_type and mm::put_type.
Result<u64> take_upper(PageType level, u64 e, PageOwner& owner);
[[nodiscard]] PageRef drop_upper(u64 e);

}  // namespace arch
