// SPDX-License-Identifier: MIT
// Counting every reference from first principles, to compare with the counts
// that are kept (D12). Nothing else may run meanwhile.
#pragma once

#include "kernel/mm/heap.hpp"
#include "kernel/mm/page.hpp"

namespace mm {

class AuditBook {
  public:
    // nomem when there is no room for two numbers per frame.
    static Result<AuditBook> open();

    // Someone holds the frame; `none`: by a general reference alone.
    void expect(PageInfo const& p, PageType held_as);
    // What follows from the frame table: owners' holds, pins, partial frames,
    // frames shared with a domain.
    void expect_frame_table();
    // What the entries of all live tables hold.
    void expect_tables();

    struct Difference {
        Mfn frame{};
        u32 refs = 0, refs_expected = 0;
        u32 types = 0, types_expected = 0;
    };
    struct Outcome {
        u64 frames = 0;  // compared: those with an owner
        u64 wrong = 0;
    };
    // Calls report(Difference) for each frame whose counts are not as expected.
    template <class F>
    Outcome compare(F&& report) const {
        Outcome r;
        for (Mfn m{0}; m < max_mfn(); ++m) {
            PageInfo const* const p = page_of(m);
            if (!p || !p->owner.load(std::memory_order_relaxed))
                continue;
            ++r.frames;
            Uses const& u = uses_[m.raw()];
            if (p->ref_count() == u.refs && p->type_count() == u.types)
                continue;
            ++r.wrong;
            report(Difference{m, p->ref_count(), u.refs, p->type_count(), u.types});
        }
        return r;
    }

  private:
    struct Uses {
        u32 refs = 0;
        u32 types = 0;
    };
    HeapArray<Uses> uses_;
};

}  // namespace mm
