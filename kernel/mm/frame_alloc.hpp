// SPDX-License-Identifier: MIT
// The frame allocator: a buddy system over all free RAM. Frames are zeroed when
// they are handed out, after the flush that ends stale writable translations,
// so nobody's data can reach the next owner (MM-4, TLB-1).
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
// `end` and one more) for the RAM ranges given; all of it starts as not allocatable.
void init_frames(PageInfo* table, Mfn end, std::span<FrameRange const> ram);
// Hands frames to the allocator. Boot only.
void add_free(FrameRange r);

// 2^order zeroed frames in one aligned block for the hypervisor itself: they
// have no owner and count 1 reference. nomem when there is none.
Result<Mfn> alloc_frames(unsigned order = 0);
void free_frames(Mfn first, unsigned order = 0);

// The same for a domain: zeroed, assigned to `owner` with one reference each,
// on its page list. nomem; again when owner.max_pages would be exceeded.
// `below_bits`: 0, or frames must lie below 2^below_bits bytes; there is one
// low pool, below 4 GiB, so less than 32 bits is refused: nomem.
Result<Mfn> alloc_domain_frames(PageOwner& owner, unsigned order, unsigned below_bits = 0);
// Gives a hypervisor frame to a domain as `shared` type (shared_info, grant
// table): mappable by it, never a page table, not counted in max_pages.
void share_frame(Mfn m, PageOwner& owner);
// Ends that: nobody can map it from now on. The frame is freed at once, or with
// the last mapping that still exists.
void unshare_frame(Mfn m);
// Drops the owner's own hold: the frame is freed when the last use ends.
// inval when `owner` does not own it or does not hold it any more.
Result<> give_up_frame(PageInfo& p, PageOwner& owner);

u64 free_frame_count();
// Of these, what is set aside (budget.hpp), and what anybody may have.
u64 promised_frame_count();
u64 unpromised_frame_count();
u64 total_frame_count();

}  // namespace mm
