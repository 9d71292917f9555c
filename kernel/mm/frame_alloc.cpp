// SPDX-License-Identifier: MIT
#include "kernel/mm/frame_alloc.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/buddy.hpp"
#include "kernel/mm/page_end.hpp"
#include "kernel/mm/raw_frames.hpp"

namespace mm {
namespace {

constinit Locked<Buddy, Rank::heap> buddy;

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

PageInfo* take_block(unsigned order, bool low) {
    auto const b = buddy.lock();
    PageInfo* const p = low ? nullptr : b->take(Pool::high, order);
    return p ? p : b->take(Pool::low, order);
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
    PageInfo* const p = take_block(order, low);
    if (!p)
        return Fail{Errno::nomem};
    Mfn const first = mfn_of(*p);
    u64 const count = u64{1} << order;
    make_clean(first, count);
    for (u64 i = 0; i < count; ++i)
        page_of(first + i)->refs.store(1, std::memory_order_release);
    return first;
}

void free_raw(Mfn first, unsigned order) {
    buddy.lock()->give(first, order);
}

Result<Mfn> alloc_frames(unsigned order) {
    if (alloc_fault::strikes(__builtin_return_address(0))) [[unlikely]]
        return Fail{Errno::nomem};
    return alloc_raw(order, 0);
}

void free_frames(Mfn first, unsigned order) {
    for (u64 i = 0; i < u64{1} << order; ++i) {
        PageInfo& p = *page_of(first + i);
        u32 const old = p.refs.exchange(0, std::memory_order_acq_rel);
        ASSERT(old == 1 && p.owner.load(std::memory_order_relaxed) == nullptr);
        stamp(p);
    }
    free_raw(first, order);
}

void add_free(FrameRange r) {
    buddy.lock()->count_new(r.count);
    while (r.count != 0) {
        unsigned const order = largest_order(r.first, r.count);
        free_frames(r.first, order);
        r.first += u64{1} << order;
        r.count -= u64{1} << order;
    }
}

u64 free_frame_count() {
    return buddy.lock()->free_frames();
}
u64 total_frame_count() {
    return buddy.lock()->total_frames();
}

}  // namespace mm
