// SPDX-License-Identifier: MIT
// What one domain has mapped of others: handle -> grant. A handle is what the
// guest gives back to unmap; here it is looked up, never believed.
#pragma once

#include <array>

#include "kernel/abi/xen.hpp"
#include "kernel/base/nospec.hpp"
#include "kernel/base/result.hpp"
#include "kernel/mm/budget.hpp"

struct Domain;

// A live mapping. The structure of the granter is referenced for as long as
// this exists, so unmapping works after its death (GT-14).
struct MapRecord {
    Domain* granter = nullptr;
    GrantRef ref{};
    bool in_use : 1 = false;
    bool host : 1 = false;      // mapped by a page-table entry
    bool by_entry : 1 = false;  // and addressed by that entry's machine address
    bool device : 1 = false;    // pinned for a device
    bool readonly : 1 = false;
    bool busy : 1 = false;  // being mapped or unmapped right now
};

class Maptrack {
  public:
    static constexpr u32 frames_ceiling = 512;
    static constexpr u32 per_frame = page_size / sizeof(MapRecord);

    Maptrack() = default;
    Maptrack(Maptrack const&) = delete;
    Maptrack& operator=(Maptrack const&) = delete;
    ~Maptrack();

    // Handles grow frame by frame up to this, cut to frames_ceiling; all of it is set
    // aside. nomem.
    Result<> set_limit(u32 max_frames);
    // For frames that are not there yet.
    [[nodiscard]] mm::Budget& budget() { return budget_; }

    // A fresh record: in use and busy, otherwise empty. nospc at the limit.
    Result<GrantHandle> allocate();
    // The handle of a mapping that is complete. As allocate().
    Result<GrantHandle> add(MapRecord const& record);
    // Null for every number that is not a live handle (GT-08).
    MapRecord* find(GrantHandle h) {
        if (h.raw() >= capacity_) [[unlikely]]
            return nullptr;
        MapRecord& r = at(static_cast<u32>(nospec::index(h.raw(), capacity_)));
        return r.in_use ? &r : nullptr;
    }
    void release(GrantHandle h);

    [[nodiscard]] u32 in_use() const { return in_use_; }
    [[nodiscard]] u32 capacity() const { return capacity_; }
    [[nodiscard]] u32 max_handles() const { return max_frames_ * per_frame; }
    // The first handle in use at or after `from`; capacity() when none.
    [[nodiscard]] u32 next_in_use(u32 from) const;

  private:
    static constexpr u32 none = ~u32{0};

    [[nodiscard]] MapRecord& at(u32 i) const { return frames_at_[i / per_frame][i % per_frame]; }
    Result<> grow();
    Result<u32> take_free();

    std::array<MapRecord*, frames_ceiling> frames_at_{};
    mm::Budget budget_;
    u32 max_frames_ = 0;
    u32 capacity_ = 0;
    u32 in_use_ = 0;
    u32 first_free_ = none;  // a list through MapRecord::ref of free records
};
