// SPDX-License-Identifier: MIT
#include "kernel/mm/exchange.hpp"

#include "kernel/mm/alloc_fault.hpp"
#include "kernel/mm/frame_list.hpp"
#include "kernel/mm/page_end.hpp"
#include "kernel/mm/raw_frames.hpp"

namespace mm {
namespace {

using enum std::memory_order;

constexpr u32 only_its_owner = PageInfo::assigned | 1;

}  // namespace

Result<> Exchange::take(PageInfo& p) {
    if (p.owner.load(acquire) != &owner_)
        return Fail{Errno::inval};
    u32 expected = only_its_owner;
    if (!p.refs.compare_exchange_strong(expected, 0, acq_rel, relaxed))
        return Fail{Errno::busy};
    // Frozen, it cannot change hands any more; before, it could have.
    if (p.owner.load(acquire) != &owner_) {
        p.refs.store(only_its_owner, release);
        return Fail{Errno::inval};
    }
    auto const list = owner_.pages.lock();
    unlist(p, *list);
    frame_list::push(head_, p);
    ++count_;
    return {};
}

Result<Mfn> Exchange::replace(unsigned order, unsigned below_bits) {
    ASSERT(count_ == u64{1} << order);
    if (alloc_fault::strikes(__builtin_return_address(0))) [[unlikely]]
        return Fail{Errno::nomem};
    Mfn const first = TRY(alloc_raw(order, below_bits));
    {
        auto const list = owner_.pages.lock();
        for (u64 i = 0; i < count_; ++i)
            assign(ram_page(first + i), *list, owner_);
    }
    // The count stays: as many came as go.
    while (PageInfo* const p = frame_list::at(head_)) {
        frame_list::unlink(head_, *p);
        retire(*p);
    }
    count_ = 0;
    return first;
}

Exchange::~Exchange() {
    while (PageInfo* const p = frame_list::at(head_)) {
        frame_list::unlink(head_, *p);
        assign(*p, *owner_.pages.lock(), owner_);
    }
}

}  // namespace mm
