// SPDX-License-Identifier: MIT
// The frame table: for every RAM frame its owner, its general reference count,
// and its one exclusive type with that type's own count (PT-01, PT-02).
//
//   refs   every use of the frame; the owner's own hold is one of them
//   type   what the frame may be used as; it changes only while its count is 0
#pragma once

#include <atomic>

#include "kernel/base/fixed_vector.hpp"
#include "kernel/base/nospec.hpp"
#include "kernel/base/result.hpp"
#include "kernel/mm/budget.hpp"
#include "kernel/mm/frame_range.hpp"
#include "kernel/sync/lock.hpp"

struct PageInfo;

enum class PageType : u8 { none, l1, l2, l3, l4, segdesc, writable, shared };

// Who frames belong to: a domain. Frames carry a pointer to this, so it must
// live until mm::owns_nothing().
struct PageList {
    u32 head = 0;         // index into the frame table + 1, 0: empty
    u32 cursor = 0;       // the frame that relinquish() looks at next
    u64 count = 0;        // frames on the list, and those just being allocated
    bool ending = false;  // gets no frame any more
};
struct PageOwner {
    DomId id{};
    bool maps_devices = false;  // may map what is not RAM (hardware domain)
    // Or of that, only these. Fixed before a vcpu may run, so read without a lock.
    FixedVector<FrameRange, 8> device_frames;
    u64 max_pages = 0;  // guarded by `pages`
    Locked<PageList, Rank::page_list> pages;
    mm::Budget views;  // of its roots: frames of the hypervisor's (arch/pv/guest_view.hpp)
};

struct PageInfo {
    // bit 31: assigned to an owner (and that hold counts 1); bits 30..0 count.
    std::atomic<u32> refs;
    // [31:28] PageType, [27] pinned, [26] validated, [25] partial, [24] locked, [23:0] count
    std::atomic<u32> type_word;
    std::atomic<PageOwner*> owner;
    u32 next, prev;              // owner's page list, or a list of free blocks (index + 1)
    std::atomic<u32> tlb_stamp;  // machine::tlb_clock() when the last use ended
    u16 done;                    // entries that hold references, while `partial` or `locked`
    u8 order;                    // of the free block that begins here, else not_free
    bool ram;

    static constexpr u32 assigned = u32{1} << 31;
    static constexpr u32 pinned = u32{1} << 27;
    static constexpr u32 validated = u32{1} << 26;
    static constexpr u32 partial = u32{1} << 25;
    static constexpr u32 locked = u32{1} << 24;
    static constexpr u32 count_mask = locked - 1;
    static constexpr u8 not_free = 0xff;

    [[nodiscard]] static constexpr PageType type_in(u32 word) { return static_cast<PageType>(word >> 28); }
    [[nodiscard]] static constexpr u32 word_of(PageType t) { return static_cast<u32>(t) << 28; }

    [[nodiscard]] u32 word() const { return type_word.load(std::memory_order_acquire); }
    [[nodiscard]] PageType type() const { return type_in(word()); }
    [[nodiscard]] u32 type_count() const { return word() & count_mask; }
    [[nodiscard]] u32 ref_count() const { return refs.load(std::memory_order_acquire) & ~assigned; }
    [[nodiscard]] bool is_partial() const { return (word() & partial) != 0; }
};
static_assert(sizeof(PageInfo) == 32);

namespace mm {

// Where the records are: `records[m]` for each frame below `end`, and one more that is nobody's.
struct FrameTable {
    PageInfo* records = nullptr;
    Mfn end{};
};
extern constinit FrameTable frame_table;

// The record of a RAM frame; null for holes and MMIO. Any u64 may be asked: beyond the end
// there is always the last record, also while the CPU runs ahead (SP-C).
inline PageInfo* page_of(Mfn m) {
    PageInfo* const p = frame_table.records + nospec::or_end(m.raw(), frame_table.end.raw());
    return p->ram ? p : nullptr;
}
// The same for a frame that is known to be RAM: it is held, or ours.
inline PageInfo& ram_page(Mfn m) {
    return frame_table.records[m.raw()];
}
inline Mfn mfn_of(PageInfo const& p) {
    return Mfn{static_cast<u64>(&p - frame_table.records)};
}
// How long the free block is that begins here; 0: none does.
inline u64 free_frames_at(PageInfo const& p) {
    return p.order == PageInfo::not_free ? 0 : u64{1} << p.order;
}
// One past the highest RAM frame.
inline Mfn max_mfn() {
    return frame_table.end;
}

}  // namespace mm
