// SPDX-License-Identifier: MIT
#include "kernel/grant/table.hpp"

#include <algorithm>
#include <atomic>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/sync/assert.hpp"

namespace {

using grant::ActiveEntry;
using grant::SharedEntry;
using grant::Use;

// The granter may change its entry while we look at it; an honest one does so
// rarely, a hostile one is not waited for (DS-3).
constexpr int max_attempts = 5;

s16 judge(u32 head, DomId user, bool write) {
    u32 const flags = grant::entry_flags(head);
    bool const permits = (flags & (GTF_type_mask | GTF_sub_page)) == GTF_permit_access;
    if (!permits || grant::entry_domid(head) != user || (write && (flags & GTF_readonly) != 0))
        return GNTST_general_error;
    return GNTST_okay;
}

// Sets the bits that tell the granter of the use.
s16 mark_used(SharedEntry& e, DomId user, bool write) {
    std::atomic_ref word{e.head};
    u32 head = word.load(std::memory_order_relaxed);
    for (int i = 0; i < max_attempts; ++i) {
        if (s16 const status = judge(head, user, write); status != GNTST_okay)
            return status;
        u32 const bits = GTF_reading | (write ? u32{GTF_writing} : 0);
        if (word.compare_exchange_strong(head, head | bits))
            return GNTST_okay;
    }
    return GNTST_general_error;
}

}  // namespace

GrantTable::~GrantTable() {
    retire();
    for (u32 i = 0; i < active_frames_; ++i)
        mm::free_frames(machine::frame_of(active_[i]));
}

Result<> GrantTable::set_limit(u32 max_frames) {
    max_frames_ = std::min(max_frames, frames_ceiling);
    return budget_.resize(u64{max_frames_} * (1 + records_of_frame));
}

Result<> GrantTable::add_frame(PageOwner& owner) {
    // Frames come zeroed, which is what unused entries are.
    for (; active_frames_ < (frames_ + 1) * records_of_frame; ++active_frames_)
        active_[active_frames_] = machine::frame_as<ActiveEntry>(TRY(budget_.take()));
    Mfn const shared = TRY(budget_.take());
    mm::share_frame(shared, owner);
    shared_[frames_] = machine::frame_as<SharedEntry>(shared);
    ++frames_;
    return {};
}

Result<> GrantTable::grow(u32 frames, PageOwner& owner) {
    if (frames > max_frames_ || retired_)
        return Fail{Errno::inval};
    while (frames_ < frames)
        TRY_VOID(add_frame(owner));
    return {};
}

void GrantTable::retire() {
    if (retired_)
        return;
    retired_ = true;
    for (u32 i = 0; i < frames_; ++i)
        mm::unshare_frame(frame(i));
}

Mfn GrantTable::frame(u32 i) const {
    return machine::frame_of(shared_[i]);
}

GrantTable::Pinned GrantTable::pin(GrantRef ref, DomId user, Use use) {
    if (ref.raw() >= entries() || retired_) [[unlikely]]
        return {GNTST_bad_gntref, {}};
    u32 const i = static_cast<u32>(nospec::index(ref.raw(), entries()));
    ActiveEntry& a = active_at(i);
    bool const in_use = a.pins.any();
    if (in_use && (a.user != user || a.pins.full(use)))
        return {GNTST_general_error, {}};
    if (!in_use || (use.write && !a.pins.any_write())) {
        SharedEntry& e = shared_at(i);
        if (s16 const status = mark_used(e, user, use.write); status != GNTST_okay)
            return {status, {}};
        if (!in_use) {
            a.user = user;
            a.frame = Mfn{std::atomic_ref{e.frame}.load(std::memory_order_relaxed)};
        }
    }
    a.pins.add(use);
    return {GNTST_okay, a.frame};
}

void GrantTable::unpin(GrantRef ref, Use use) {
    ActiveEntry& a = active_at(ref.raw());
    if (!HOLDS(a.pins.count(use) != 0))
        return;
    a.pins.drop(use);
    u32 over = 0;
    if (use.write && !a.pins.any_write())
        over |= GTF_writing;
    if (!a.pins.any())
        over |= GTF_reading;
    if (over != 0 && !retired_)
        std::atomic_ref{shared_at(ref.raw()).head}.fetch_and(~over);
}

grant::ActiveEntry GrantTable::active(GrantRef ref) const {
    return active_at(ref.raw());
}

grant_entry_v1_t GrantTable::shared(GrantRef ref) const {
    if (retired_)
        return {};
    SharedEntry& e = shared_at(ref.raw());
    u32 const head = std::atomic_ref{e.head}.load(std::memory_order_relaxed);
    return {static_cast<u16>(grant::entry_flags(head)), grant::entry_domid(head).raw(),
            std::atomic_ref{e.frame}.load(std::memory_order_relaxed)};
}
