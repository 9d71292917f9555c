// SPDX-License-Identifier: MIT
#include "arch/pv/guest_view.hpp"

#include <algorithm>

#include "kernel/machine/memory.hpp"

namespace arch {
namespace {

// Views are memory of the hypervisor's that guests make it use: a domain gets as
// many as a kernel with two roots per process has use for, which is 3 % of its
// own memory at most.
constexpr u32 views_of_any = 64;
constexpr unsigned view_share_shift = 5;

}  // namespace

Result<> open_view(PageInfo const& root, PageOwner& owner) {
    if (!isolation_on)
        return {};
    u64* const entries = machine::frame_as<u64>(mm::mfn_of(root));
    Mfn const frame = TRY(owner.views.take());
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
    owner.views.give_back(mfn_of(Maddr{slot}));
    slot = 0;
}

}  // namespace arch

u64 machine::frames_for_roots(u64 pages) {
    return arch::isolation_on ? arch::views_of_any + (pages >> arch::view_share_shift) : 0;
}
