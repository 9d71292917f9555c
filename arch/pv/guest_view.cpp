// SPDX-License-Identifier: MIT
#include "arch/pv/guest_view.hpp"

#include <algorithm>

#include "kernel/mm/frame_alloc.hpp"

namespace arch {
namespace {

// Views are memory of the hypervisor's that guests make it use: a domain gets as
// many as a kernel with two roots per process has use for, which is 3 % of its
// own memory at most.
constexpr u32 views_of_any = 64;
constexpr unsigned view_share_shift = 5;

Result<> count_view(PageOwner& owner) {
    u64 const limit =
        views_of_any + (__atomic_load_n(&owner.max_pages, __ATOMIC_RELAXED) >> view_share_shift);
    if (owner.views.fetch_add(1, std::memory_order_relaxed) < limit)
        return {};
    owner.views.fetch_sub(1, std::memory_order_relaxed);
    return Fail{Errno::nomem};
}

Result<Mfn> new_view(PageOwner& owner) {
    TRY_VOID(count_view(owner));
    auto const frame = mm::alloc_frames();
    if (!frame)
        owner.views.fetch_sub(1, std::memory_order_relaxed);
    return frame;
}

}  // namespace

Result<> open_view(PageInfo const& root, PageOwner& owner) {
    if (!isolation_on)
        return {};
    u64* const entries = machine::frame_as<u64>(mm::mfn_of(root));
    Mfn const frame = TRY(new_view(owner));
    u64* const view = machine::frame_as<u64>(frame);
    std::copy_n(entries, 512, view);
    std::ranges::copy(guest_view_slots(), view + first_hv_slot);
    entries[view_slot] = maddr_of(frame).raw();
    return {};
}

void close_view(PageInfo const& root, PageOwner& owner) {
    if (!isolation_on)
        return;
    u64& slot = machine::frame_as<u64>(mm::mfn_of(root))[view_slot];
    if (slot == 0)
        return;
    mm::free_frames(mfn_of(Maddr{slot}));
    slot = 0;
    owner.views.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace arch
