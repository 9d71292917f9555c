// SPDX-License-Identifier: MIT
// The frame allocator: a buddy system over all free RAM. Frames that a guest
// held are zeroed before anyone else can get them (MM-4).
#pragma once

#include <span>

#include "kernel/mm/page.hpp"

namespace mm {

struct FrameRange {
    Mfn first{};
    u64 count = 0;
};

inline constexpr unsigned max_order = 18;  // blocks up to 1 GiB

// Builds the frame table in `table` (zeroed, one record for each frame below
// `end`) for the RAM ranges given; all of it starts as not allocatable.
void init_frames(PageInfo* table, Mfn end, std::span<FrameRange const> ram);
// Hands frames to the allocator. Boot only; the frames must hold no secrets.
void add_free(FrameRange r);

// 2^order zeroed frames in one aligned block for the hypervisor itself: they
// have no owner and count 1 reference. nomem when there is none.
Result<Mfn> alloc_frames(unsigned order = 0);
void free_frames(Mfn first, unsigned order = 0);

// The same for a domain: zeroed, assigned to `owner` with one reference each,
// on its page list. nomem; again when owner.max_pages would be exceeded.
// `below_bits`: 0, or frames must lie below 2^below_bits bytes.
Result<Mfn> alloc_domain_frames(PageOwner& owner, unsigned order, unsigned below_bits = 0);
// Gives hypervisor frames to a domain as `shared` type (shared_info, grant
// table): mappable by it, never a page table, not counted in max_pages.
void share_frame(Mfn m, PageOwner& owner);
// Ends that. The frame returns to the hypervisor when nobody maps it any more,
// else with the last mapping.
void unshare_frame(Mfn m);
// Drops the owner's own hold: the frame is freed when the last use ends.
// inval when `owner` does not own it or does not hold it any more.
Result<> give_up_frame(PageInfo& p, PageOwner& owner);

u64 free_frame_count();
u64 total_frame_count();

}  // namespace mm
