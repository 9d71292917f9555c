// SPDX-License-Identifier: MIT
#include "kernel/mm/audit.hpp"

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

template <class F>
void for_each_frame(F&& f) {
    for (Mfn m{0}; m < max_mfn(); ++m)
        if (PageInfo* const p = page_of(m))
            f(*p);
}

}  // namespace

Result<AuditBook> AuditBook::open() {
    AuditBook book;
    book.uses_ = TRY(HeapArray<Uses>::make(max_mfn().raw()));
    return book;
}

void AuditBook::expect(PageInfo const& p, PageType held_as) {
    Uses& u = uses_[mfn_of(p).raw()];
    ++u.refs;
    u.types += held_as != PageType::none;
}

void AuditBook::expect_frame_table() {
    for_each_frame([this](PageInfo const& p) {
        PageType const type = p.type();
        if ((p.refs.load(std::memory_order_relaxed) & PageInfo::assigned) != 0)
            expect(p, PageType::none);
        if ((p.word() & PageInfo::pinned) != 0)
            expect(p, type);
        if (p.is_partial())
            expect(p, type);
        if (type == PageType::shared)
            expect(p, type);
    });
}

void AuditBook::expect_tables() {
    for_each_frame([this](PageInfo const& p) {
        type_ops::visit_references(
            p, p.type(), entries_in_use(p),
            [](PageInfo& held, PageType as, void* book) { static_cast<AuditBook*>(book)->expect(held, as); },
            this);
    });
}

}  // namespace mm
