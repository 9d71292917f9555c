// SPDX-License-Identifier: MIT
// What one domain grants to others: version 1 of the ABI's grant table. It
// knows domains by id only; mapping and copying are verbs of
// kernel/hypercall/grant_*.cpp.
#pragma once

#include <array>

#include "kernel/base/nospec.hpp"
#include "kernel/base/result.hpp"
#include "kernel/grant/entry.hpp"
#include "kernel/mm/budget.hpp"
#include "kernel/mm/page.hpp"

class GrantTable {
  public:
    static constexpr u32 entries_per_frame = page_size / sizeof(grant::SharedEntry);
    static constexpr u32 frames_ceiling = 128;  // whatever the toolstack asks for

    GrantTable() = default;
    GrantTable(GrantTable const&) = delete;
    GrantTable& operator=(GrantTable const&) = delete;
    ~GrantTable();

    // How many frames grow() may reach, cut to frames_ceiling; all of it is set aside.
    // nomem.
    Result<> set_limit(u32 max_frames);
    // For frames that are not there yet.
    [[nodiscard]] mm::Budget& budget() { return budget_; }
    // Makes the table at least `frames` long; `owner` may map the new frames.
    // inval above the limit.
    Result<> grow(u32 frames, PageOwner& owner);
    // Takes the frames back from `owner`; existing pins stay valid.
    void retire();

    [[nodiscard]] u32 frames() const { return frames_; }
    [[nodiscard]] u32 max_frames() const { return max_frames_; }
    [[nodiscard]] u32 entries() const { return frames_ * entries_per_frame; }
    [[nodiscard]] Mfn frame(u32 i) const;  // i < frames()

    // Starts a use of `ref` by `user` and answers with the granted frame. The
    // entry's reading and writing bits are set before this returns (GT-03).
    // Errors are the ABI's GNTST_ numbers.
    struct Pinned {
        s16 status = GNTST_okay;
        Mfn frame{};
    };
    [[nodiscard]] Pinned pin(GrantRef ref, DomId user, grant::Use use);
    // Ends a use that pin() began; the last one clears the entry's bits.
    void unpin(GrantRef ref, grant::Use use);
    // The frame of an entry in use.
    [[nodiscard]] Mfn pinned_frame(GrantRef ref) const { return active_at(ref.raw()).frame; }

    // For inspection: copies, as they are now. ref < entries().
    [[nodiscard]] grant::ActiveEntry active(GrantRef ref) const;
    [[nodiscard]] grant_entry_v1_t shared(GrantRef ref) const;

  private:
    // Our records of one shared frame take several, each for itself: what is set aside
    // need not lie together.
    static constexpr u32 active_per_frame = page_size / sizeof(grant::ActiveEntry);
    static constexpr u32 records_of_frame = entries_per_frame / active_per_frame;

    [[nodiscard]] Result<> add_frame(PageOwner& owner);
    [[nodiscard]] grant::ActiveEntry& active_at(u32 ref) const {
        return active_[ref / active_per_frame][ref % active_per_frame];
    }
    [[nodiscard]] grant::SharedEntry& shared_at(u32 ref) const {
        return shared_[ref / entries_per_frame][ref % entries_per_frame];
    }

    std::array<grant::SharedEntry*, frames_ceiling> shared_{};
    std::array<grant::ActiveEntry*, frames_ceiling * records_of_frame> active_{};
    mm::Budget budget_;
    u32 frames_ = 0;
    u32 active_frames_ = 0;
    u32 max_frames_ = 0;
    bool retired_ = false;
};
