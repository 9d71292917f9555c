// SPDX-License-Identifier: MIT
// Frames that belong to domains: from the allocator to a page list and back.
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/frame_list.hpp"
#include "kernel/mm/m2p.hpp"
#include "kernel/mm/page_end.hpp"
#include "kernel/mm/raw_frames.hpp"

namespace mm {
namespace {

using enum std::memory_order;

// Room for `count` more, counted before they exist, so that several CPUs
// together cannot exceed the limit (MM-3).
Result<> reserve(PageOwner& owner, u64 count) {
    auto const list = owner.pages.lock();
    if (list->ending || list->count > owner.max_pages || count > owner.max_pages - list->count)
        return Fail{Errno::again};
    list->count += count;
    return {};
}

}  // namespace

void assign(PageInfo& p, PageList& list, PageOwner& owner) {
    p.owner.store(&owner, release);
    p.refs.store(PageInfo::assigned | 1, release);
    frame_list::push(list.head, p);
}

void unlist(PageInfo& p, PageList& list) {
    if (list.cursor == frame_list::link_to(p))
        list.cursor = p.next;
    frame_list::unlink(list.head, p);
}

void retire(PageInfo& p) {
    ASSERT((p.word() & PageInfo::count_mask) == 0);
    p.owner.store(nullptr, release);
    p.type_word.store(0, release);
    Mfn const m = mfn_of(p);
    m2p_set(m, pfn_none);
    stamp(p);
    free_raw(m, 0);
}

Result<Mfn> alloc_domain_frames(PageOwner& owner, unsigned order, unsigned below_bits) {
    if (order > max_order || alloc_fault::strikes(__builtin_return_address(0)))
        return Fail{Errno::nomem};
    u64 const count = u64{1} << order;
    TRY_VOID(reserve(owner, count));
    auto first = alloc_raw(order, below_bits);
    auto list = owner.pages.lock();
    if (first && list->ending) {
        free_frames(*first, order);
        first = Fail{Errno::again};
    }
    if (!first) {
        list->count -= count;
        return first;
    }
    for (u64 i = 0; i < count; ++i)
        assign(ram_page(*first + i), *list, owner);
    return first;
}

Result<> give_up_frame(PageInfo& p, PageOwner& owner) {
    PageRef const held = TRY(PageRef::take_of(p, owner));
    u32 old = p.refs.load(relaxed);
    do {
        if ((old & PageInfo::assigned) == 0)
            return Fail{Errno::inval};
    } while (!p.refs.compare_exchange_weak(old, (old & ~PageInfo::assigned) - 1, acq_rel, relaxed));
    return {};
}

void share_frame(Mfn m, PageOwner& owner) {
    PageInfo& p = ram_page(m);
    // The hypervisor's own use, so that the type stays what it is.
    p.type_word.store(PageInfo::word_of(PageType::shared) | PageInfo::validated | 1, release);
    p.owner.store(&owner, release);
}

void unshare_frame(Mfn m) {
    PageInfo& p = ram_page(m);
    // Without an owner nobody gets a new reference. Mappings that exist hold
    // theirs and never ask for the owner.
    p.owner.store(nullptr, release);
    put_type_sync(p);
}

void end_of_use(PageInfo& p) {
    if (PageOwner* const owner = p.owner.load(acquire)) {
        auto const list = owner->pages.lock();
        unlist(p, *list);
        --list->count;
        // While the count still says so, the owner lives; afterwards it may not.
        p.owner.store(nullptr, release);
    }
    retire(p);
}

}  // namespace mm
