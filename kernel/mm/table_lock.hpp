// SPDX-License-Identifier: MIT
// The right to change entries of one validated frame. While it is held the
// frame keeps its type.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

class TableLock {
    PageInfo* page_;
    explicit TableLock(PageInfo& p) : page_{&p} {}

  public:
    TableLock(TableLock&& o) noexcept : page_{std::exchange(o.page_, nullptr)} {}
    TableLock& operator=(TableLock&&) = delete;
    ~TableLock() {
        if (page_)
            page_->type_word.fetch_and(~PageInfo::locked, std::memory_order_release);
    }

    // inval: the frame is not in use, validated, as `t`.
    static Result<TableLock> take(PageInfo& p, PageType t) {
        u32 word = p.word();
        for (;;) {
            if (PageInfo::type_in(word) != t || (word & PageInfo::validated) == 0)
                return Fail{Errno::inval};
            if ((word & PageInfo::locked) != 0) {
                machine::relax();
                word = p.word();
            } else if (p.type_word.compare_exchange_weak(word, word | PageInfo::locked,
                                                         std::memory_order_acq_rel,
                                                         std::memory_order_acquire)) {
                return TableLock{p};
            }
        }
    }
};

}  // namespace mm
