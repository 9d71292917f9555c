// SPDX-License-Identifier: MIT
#include "kernel/mm/audit.hpp"

#include <algorithm>

#include "kernel/mm/type_ops.hpp"

namespace mm {
namespace {

constexpr unsigned entries_per_table = 512;

// How many entries hold something.
unsigned entries_in_use(PageInfo const& p) {
    u32 const word = p.word();
    if ((word & PageInfo::validated) != 0)
        return entries_per_table;
    return (word & PageInfo::partial) != 0 ? p.done : 0;
}

}  // namespace

Result<AuditBook> AuditBook::open_empty() {
    AuditBook book;
    book.chunks_ = TRY(HeapArray<HeapArray<Uses>>::make(max_mfn().raw() / frames_per_chunk + 1));
    return book;
}

Result<Mfn> AuditBook::make_room(Mfn from) {
    PageInfo const* const p = page_of(from);
    // Free blocks are aligned to their size: a smaller one ends within the chunk.
    if (u64 const free = p ? free_frames_at(*p) : 0; free >= frames_per_chunk)
        return from + free;
    u64 const chunk = from.raw() / frames_per_chunk;
    if (!has_room(from))
        chunks_[chunk] = TRY(HeapArray<Uses>::make(frames_per_chunk));
    return Mfn{(chunk + 1) * frames_per_chunk};
}

Result<AuditBook> AuditBook::open() {
    AuditBook book = TRY(open_empty());
    for (HeapArray<Uses>& chunk : book.chunks_.span())
        chunk = TRY(HeapArray<Uses>::make(frames_per_chunk));
    return book;
}

void AuditBook::expect(PageInfo const& p, PageType held_as) {
    Mfn const m = mfn_of(p);
    if (!has_room(m))
        return;
    Uses& u = uses_of(m);
    if (u.refs == settled)
        return;
    ++u.refs;
    u.types += held_as != PageType::none;
}

unsigned AuditBook::expect_from_table(PageInfo const& p, PageType type) {
    unsigned const entries = entries_in_use(p);
    type_ops::visit_references(
        p, type, entries,
        [](PageInfo& held, PageType as, void* book) { static_cast<AuditBook*>(book)->expect(held, as); },
        this);
    return entries;
}

void AuditBook::expect_from_all() {
    for (Mfn m{0}; m < max_mfn(); ++m)
        if (PageInfo const* const p = page_of(m))
            expect_from(*p);
}

AuditBook::Tally AuditBook::settle_chunk(Mfn from, u64 frames) {
    Tally t;
    bool const room = has_room(from);
    Uses* const uses = room ? &uses_of(from) : nullptr;
    PageInfo const* const pages = frame_table.records + from.raw();
    for (u64 i = 0; i < frames; ++i) {
        PageInfo const& p = pages[i];
        if (!p.ram || !p.owner.load(std::memory_order_relaxed))
            continue;
        ++t.owned;
        if (room && uses[i].refs == settled)
            continue;
        Uses const e = expected(p, room ? uses[i] : Uses{});
        bool const well = room && p.ref_count() == e.refs && p.type_count() == e.types;
        t.not_well += !well;
        if (room)
            uses[i] = {well ? settled : 0, 0};
    }
    return t;
}

AuditBook::Tally AuditBook::settle(Mfn from, Mfn to) {
    Tally sum;
    while (from < to) {
        u64 const rest_of_chunk = frames_per_chunk - from.raw() % frames_per_chunk;
        u64 const frames = std::min(rest_of_chunk, to.raw() - from.raw());
        Tally const t = settle_chunk(from, frames);
        sum.owned += t.owned;
        sum.not_well += t.not_well;
        from = from + frames;
    }
    return sum;
}

}  // namespace mm
