// SPDX-License-Identifier: MIT
// Counting references to frames and writable uses of them. Every mapping that
// a guest makes or ends passes here, so it is inline.
//
// Counting stops well before a count wraps, so that the one reference that a
// partial frame takes for itself always fits (PT-02).
#pragma once

#include "kernel/machine/memory.hpp"
#include "kernel/mm/page_info.hpp"

namespace mm {

inline constexpr u32 ref_ceiling = u32{1} << 30;

// The last reference of a frame is gone: takes it from its owner's list and
// gives it to the allocator.
void end_of_use(PageInfo& p);

// One more general reference. busy: the frame is free, or the count is full.
inline Result<> get_ref(PageInfo& p) {
    u32 old = p.refs.load(std::memory_order_relaxed);
    do {
        u32 const count = old & ~PageInfo::assigned;
        if (count == 0 || count >= ref_ceiling) [[unlikely]]
            return Fail{Errno::busy};
    } while (
        !p.refs.compare_exchange_weak(old, old + 1, std::memory_order_acquire, std::memory_order_relaxed));
    return {};
}

// Gives one back; the last one frees the frame.
inline void put_ref(PageInfo& p) {
    u32 const old = p.refs.fetch_sub(1, std::memory_order_acq_rel);
    if ((old & ~PageInfo::assigned) <= 1) [[unlikely]] {
        // An assigned frame counts its owner's hold, so this is never that one.
        ASSERT(old == 1);
        end_of_use(p);
    }
}

// A general reference, only while `owner` owns the frame (PT-13).
// inval: it does not.
inline Result<> get_ref_of(PageInfo& p, PageOwner const& owner) {
    TRY_VOID(get_ref(p));
    // Held now, the frame cannot change its owner under the comparison.
    if (p.owner.load(std::memory_order_acquire) != &owner) [[unlikely]] {
        put_ref(p);
        return Fail{Errno::inval};
    }
    return {};
}

// Notes that translations of the frame made until now may linger in TLBs.
inline void stamp(PageInfo& p) {
    p.tlb_stamp.store(machine::tlb_clock(), std::memory_order_relaxed);
}

// One more writable use of a frame that is or was last used so: nothing has to
// be checked or flushed. False: it was not, or the count is full.
inline bool add_writable(PageInfo& p) {
    constexpr u32 writable = PageInfo::word_of(PageType::writable);
    u32 word = p.word();
    do {
        if ((word & ~(PageInfo::validated | PageInfo::count_mask)) != writable ||
            (word & PageInfo::count_mask) == PageInfo::count_mask) [[unlikely]]
            return false;
    } while (!p.type_word.compare_exchange_weak(word, (word + 1) | PageInfo::validated,
                                                std::memory_order_acq_rel, std::memory_order_acquire));
    return true;
}

// One less. False: the frame is in use as something else.
inline bool drop_writable(PageInfo& p) {
    constexpr u32 writable = PageInfo::word_of(PageType::writable);
    u32 word = p.word();
    u32 next = 0;
    do {
        if (PageInfo::type_in(word) != PageType::writable) [[unlikely]]
            return false;
        ASSERT((word & PageInfo::count_mask) != 0);
        next = word - 1;
        if ((next & PageInfo::count_mask) == 0) {
            stamp(p);
            next = writable;
        }
    } while (
        !p.type_word.compare_exchange_weak(word, next, std::memory_order_acq_rel, std::memory_order_acquire));
    return true;
}

}  // namespace mm
