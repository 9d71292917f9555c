// SPDX-License-Identifier: MIT
// The right to change entries of one validated frame. While it is held the
// frame keeps its type, and with it its owner.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

class TableLock {
    PageInfo* page_ = nullptr;
    explicit TableLock(PageInfo& p) : page_{&p} {}

    // Another CPU has it, or changes its count.
    [[gnu::noinline, gnu::cold]] static bool wait_and_take(PageInfo& p, u32 wanted) {
        u32 word = p.word();
        while ((word & in_use) == wanted) {
            if ((word & PageInfo::locked) != 0) {
                machine::relax();
                word = p.word();
            } else if (change(p, word)) {
                return true;
            }
        }
        return false;
    }
    static bool change(PageInfo& p, u32& word) {
        return p.type_word.compare_exchange_strong(word, word | PageInfo::locked, std::memory_order_acq_rel,
                                                   std::memory_order_acquire);
    }
    static constexpr u32 in_use = PageInfo::word_of(PageType{15}) | PageInfo::validated;

  public:
    TableLock() = default;
    TableLock(TableLock&& o) noexcept : page_{std::exchange(o.page_, nullptr)} {}
    TableLock& operator=(TableLock&&) = delete;
    ~TableLock() {
        if (page_)
            page_->type_word.fetch_and(~PageInfo::locked, std::memory_order_release);
    }

    // A table of `owner`. Nobody waits here for a table of somebody else's:
    // who a frame belongs to is asked before, and for good once it is locked.
    // inval: there is no such table.
    [[gnu::always_inline]] static Result<TableLock> take(PageInfo& p, PageType t, PageOwner const& owner) {
        if (p.owner.load(std::memory_order_relaxed) != &owner)
            return Fail{Errno::inval};
        TableLock lock = TRY(take(p, t));
        if (p.owner.load(std::memory_order_relaxed) != &owner) [[unlikely]]
            return Fail{Errno::inval};
        return lock;
    }

    // inval: the frame is not in use, validated, as `t`.
    [[gnu::always_inline]] static Result<TableLock> take(PageInfo& p, PageType t) {
        u32 const wanted = PageInfo::word_of(t) | PageInfo::validated;
        u32 word = p.word();
        if ((word & (in_use | PageInfo::locked)) == wanted && change(p, word)) [[likely]]
            return TableLock{p};
        if (wait_and_take(p, wanted))
            return TableLock{p};
        return Fail{Errno::inval};
    }
};

}  // namespace mm
