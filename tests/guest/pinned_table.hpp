// SPDX-License-Identifier: MIT
// An empty table that is pinned as one of a level while it lives.
#pragma once

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

inline s64 mmuext(unsigned cmd, Mfn mfn) {
    mmuext_op_t op{};
    op.cmd = cmd;
    op.arg1.mfn = mfn.raw();
    return verdict::raw(rt::hypercall::mmuext_op({&op, 1}));
}

class PinnedTable {
    rt::Pages page_ = std::move(*rt::Pages::allocate());

    [[nodiscard]] s64 set(u64 flags) const {
        return verdict::raw(rt::hypercall::update_va_mapping(Vaddr{rt::hypercall::address(page_.data())},
                                                             rt::page_table::entry_for(mfn(), flags),
                                                             UVMF_INVLPG));
    }

  public:
    explicit PinnedTable(unsigned pin_command) {
        CHECK_ANSWER(set(rt::page_table::read_only_data), 0);
        CHECK_ANSWER(mmuext(pin_command, mfn()), 0);
    }
    ~PinnedTable() {
        CHECK_ANSWER(mmuext(MMUEXT_UNPIN_TABLE, mfn()), 0);
        CHECK_ANSWER(set(rt::page_table::data), 0);
    }
    PinnedTable(PinnedTable const&) = delete;

    [[nodiscard]] Mfn mfn() const { return page_.mfn(); }
    [[nodiscard]] u64 at(usize index) const { return maddr_of(mfn()).raw() + index * 8; }
};
