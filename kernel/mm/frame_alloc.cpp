// SPDX-License-Identifier: MIT
#include "kernel/mm/frame_alloc.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/buddy.hpp"
#include "kernel/mm/budget.hpp"
#include "kernel/mm/page_end.hpp"
#include "kernel/mm/raw_frames.hpp"

namespace mm {
namespace {

struct Store {
    Buddy buddy;
    u64 promised = 0;  // of the free ones, to budgets

    [[nodiscard]] u64 for_anybody() const { return buddy.free_frames() - promised; }
    // In place of `before`; false, and nothing has changed: fewer than that are free.
    bool promise(u64 before, u64 after) {
        if (after > before && after - before > for_anybody())
            return false;
        promised = promised - before + after;
        return true;
    }
};
constinit Locked<Store, Rank::heap> store;

constexpr u64 frames_in(unsigned order) {
    return u64{1} << order;
}

// Whoever had the frames may still reach them through a stale translation
// until this flush, so zeroing comes after it.
void make_clean(Mfn first, u64 count) {
    machine::CpuMask stale = 0;
    for (u64 i = 0; i < count; ++i)
        stale |= machine::tlb_stale(page_of(first + i)->tlb_stamp.load(std::memory_order_relaxed));
    if (stale != 0)
        machine::flush_tlb(stale);
    for (u64 i = 0; i < count; ++i)
        std::memset(machine::frame_ptr(first + i), 0, page_size);
}

constexpr unsigned low_bits = 32;  // what the low pool lies below

PageInfo* take_block(Buddy& buddy, unsigned order, bool low) {
    PageInfo* const p = low ? nullptr : buddy.take(Pool::high, order);
    return p ? p : buddy.take(Pool::low, order);
}

PageInfo* take_unpromised(unsigned order, bool low) {
    auto const s = store.lock();
    return frames_in(order) <= s->for_anybody() ? take_block(s->buddy, order, low) : nullptr;
}

// Clean, and with a reference each.
Mfn begin_use(PageInfo& p, unsigned order) {
    Mfn const first = mfn_of(p);
    make_clean(first, frames_in(order));
    for (u64 i = 0; i < frames_in(order); ++i)
        page_of(first + i)->refs.store(1, std::memory_order_release);
    return first;
}

void end_use(Mfn first, unsigned order) {
    for (u64 i = 0; i < frames_in(order); ++i) {
        PageInfo& p = *page_of(first + i);
        u32 const old = p.refs.exchange(0, std::memory_order_acq_rel);
        ASSERT(old == 1 && p.owner.load(std::memory_order_relaxed) == nullptr);
        stamp(p);
    }
}

// The largest aligned block that begins at `m` and has at most `count` frames.
unsigned largest_order(Mfn m, u64 count) {
    auto const by_size = static_cast<unsigned>(std::bit_width(count)) - 1;
    auto const by_place = m.raw() == 0 ? max_order : static_cast<unsigned>(std::countr_zero(m.raw()));
    return std::min({by_size, by_place, max_order});
}

}  // namespace

Result<Mfn> alloc_raw(unsigned order, unsigned below_bits) {
    if (order > max_order || (below_bits != 0 && below_bits < low_bits))
        return Fail{Errno::nomem};
    bool const low = below_bits != 0 && max_mfn().raw() > u64{1} << (std::min(below_bits, 63u) - page_shift);
    PageInfo* const p = take_unpromised(order, low);
    if (!p)
        return Fail{Errno::nomem};
    return begin_use(*p, order);
}

void free_raw(Mfn first, unsigned order) {
    store.lock()->buddy.give(first, order);
}

Result<Mfn> alloc_frames(unsigned order) {
    if (alloc_fault::strikes(__builtin_return_address(0))) [[unlikely]]
        return Fail{Errno::nomem};
    return alloc_raw(order, 0);
}

void free_frames(Mfn first, unsigned order) {
    end_use(first, order);
    free_raw(first, order);
}

Result<> Budget::resize(u64 frames) {
    if (alloc_fault::strikes(__builtin_return_address(0))) [[unlikely]]
        return Fail{Errno::nomem};
    auto const s = store.lock();
    u64 const before = claim(), old = std::exchange(size_, frames);
    if (s->promise(before, claim()))
        return {};
    size_ = old;
    return Fail{Errno::nomem};
}

void Budget::end() {
    auto const s = store.lock();
    s->promised -= claim();
    size_ = 0;
}

Result<Mfn> Budget::take() {
    if (alloc_fault::strikes(__builtin_return_address(0))) [[unlikely]]
        return Fail{Errno::nomem};
    PageInfo* p = nullptr;
    {
        auto const s = store.lock();
        if (claim() == 0)
            return Fail{Errno::nomem};
        p = take_block(s->buddy, 0, false);
        ASSERT(p != nullptr);  // no more are promised than are free
        --s->promised;
        ++held_;
    }
    return begin_use(*p, 0);
}

void Budget::give_back(Mfn m) {
    end_use(m, 0);
    auto const s = store.lock();
    s->buddy.give(m, 0);
    s->promised -= claim();
    --held_;
    s->promised += claim();
}

u64 Budget::promised() const {
    auto const s = store.lock();
    return claim();
}

void add_free(FrameRange r) {
    store.lock()->buddy.count_new(r.count);
    while (r.count != 0) {
        unsigned const order = largest_order(r.first, r.count);
        free_frames(r.first, order);
        r.first += u64{1} << order;
        r.count -= u64{1} << order;
    }
}

u64 free_frame_count() {
    return store.lock()->buddy.free_frames();
}
u64 promised_frame_count() {
    return store.lock()->promised;
}
u64 unpromised_frame_count() {
    return store.lock()->for_anybody();
}
u64 total_frame_count() {
    return store.lock()->buddy.total_frames();
}

}  // namespace mm
