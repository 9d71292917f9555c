// SPDX-License-Identifier: MIT
// Counting every reference from first principles, to compare with the counts
// that are kept (D12). While nothing else runs, each difference is one. While
// others do, a frame that compares well is in order, and one that does not may
// only have changed under the count: it is left for another one.
#pragma once

#include "kernel/mm/heap.hpp"
#include "kernel/mm/page.hpp"

namespace mm {

class AuditBook {
  public:
    // For all frames at once; nomem when there is no room for two numbers each.
    static Result<AuditBook> open();
    // The same bit by bit: without room, and then room for the frames that begin
    // at `from`, up to where the answer says; none for one large free block. What
    // there is no room for does not compare well once it has an owner.
    static Result<AuditBook> open_empty();
    [[nodiscard]] bool is_open() const { return chunks_.size() != 0; }
    Result<Mfn> make_room(Mfn from);

    // Someone holds the frame; `none`: by a general reference alone.
    void expect(PageInfo const& p, PageType held_as);
    // What the entries of a frame hold, if it is a live table. How many that were.
    unsigned expect_from(PageInfo const& p) {
        PageType const type = p.type();
        return type < PageType::l1 || type > PageType::l4 ? 0 : expect_from_table(p, type);
    }
    void expect_from_all();

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
            Uses const u = expected(*p, uses_of(m));
            if (p->ref_count() == u.refs && p->type_count() == u.types)
                continue;
            ++r.wrong;
            report(Difference{m, p->ref_count(), u.refs, p->type_count(), u.types});
        }
        return r;
    }

    // Compares the frames from `from` up to `to` that have an owner. One that does
    // well is not counted any more; for all others the count begins anew.
    struct Tally {
        u64 owned = 0, not_well = 0;
    };
    Tally settle(Mfn from, Mfn to);

  private:
    struct Uses {  // zero at first, as memory comes
        u32 refs;
        u32 types;
    };
    static constexpr u32 settled = ~u32{0};        // refs of a frame that compared well
    static constexpr u64 frames_per_chunk = 1024;  // small, as memory comes zeroed

    [[nodiscard]] Uses& uses_of(Mfn m) const {
        return chunks_[m.raw() / frames_per_chunk][m.raw() % frames_per_chunk];
    }

    unsigned expect_from_table(PageInfo const& p, PageType type);
    [[nodiscard]] bool has_room(Mfn m) const { return chunks_[m.raw() / frames_per_chunk].size() != 0; }
    Tally settle_chunk(Mfn from, u64 frames);
    // What was counted, and what follows from the frame's own record: its owner's
    // hold, a pin, a validation under way, that it is shared with a domain.
    static Uses expected(PageInfo const& p, Uses counted) {
        u32 const word = p.word();
        PageType const type = PageInfo::type_in(word);
        counted.refs += (p.refs.load(std::memory_order_relaxed) & PageInfo::assigned) != 0;
        if ((word & (PageInfo::pinned | PageInfo::partial)) == 0 && type != PageType::shared)
            return counted;
        u32 const typed = u32{(word & PageInfo::pinned) != 0} + u32{(word & PageInfo::partial) != 0} +
                          u32{type == PageType::shared};
        return {counted.refs + typed, counted.types + (type != PageType::none ? typed : 0)};
    }

    HeapArray<HeapArray<Uses>> chunks_;
};

}  // namespace mm
