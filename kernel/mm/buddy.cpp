// SPDX-License-Identifier: MIT
#include "kernel/mm/buddy.hpp"

#include "kernel/mm/frame_list.hpp"

namespace mm {
namespace {

constexpr u64 low_end = (u64{1} << 32) >> page_shift;

constexpr u64 frames_in(unsigned order) {
    return u64{1} << order;
}

}  // namespace

Pool Buddy::pool_of(Mfn m) {
    return m.raw() < low_end ? Pool::low : Pool::high;
}

u32& Buddy::head(PageInfo const& p, unsigned order) {
    return pools_[static_cast<unsigned>(pool_of(mfn_of(p)))][order];
}

void Buddy::push(PageInfo& p, unsigned order) {
    p.order = static_cast<u8>(order);
    frame_list::push(head(p, order), p);
}

void Buddy::unlink(PageInfo& p) {
    frame_list::unlink(head(p, p.order), p);
    p.order = PageInfo::not_free;
}

PageInfo* Buddy::take(Pool pool, unsigned order) {
    List& list = pools_[static_cast<unsigned>(pool)];
    unsigned have = order;
    while (have <= max_order && list[have] == 0)
        ++have;
    if (have > max_order)
        return nullptr;
    PageInfo* const p = frame_list::at(list[have]);
    unlink(*p);
    // The lower half is handed out, the upper ones go back.
    while (have-- > order)
        push(ram_page(mfn_of(*p) + frames_in(have)), have);
    free_frames_ -= frames_in(order);
    return p;
}

PageInfo* Buddy::free_neighbour(Mfn first, unsigned order) const {
    PageInfo* const p = page_of(Mfn{first.raw() ^ frames_in(order)});
    return p && p->order == order ? p : nullptr;
}

void Buddy::give(Mfn first, unsigned order) {
    free_frames_ += frames_in(order);
    while (order < max_order) {
        PageInfo* const neighbour = free_neighbour(first, order);
        if (!neighbour)
            break;
        unlink(*neighbour);
        first = Mfn{first.raw() & ~frames_in(order)};
        ++order;
    }
    push(ram_page(first), order);
}

}  // namespace mm
