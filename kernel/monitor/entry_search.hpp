// SPDX-License-Identifier: MIT
// From a frame back to the page tables that name it, live and bit by bit: each
// call looks at a few frames or at one table. What was found may have changed
// by the time it is used.
#pragma once

#include "kernel/monitor/tables.hpp"

namespace monitor {

// An entry of a live page table.
struct Place {
    Mfn table{};
    PageType type{};
    unsigned slot = 0;
    Entry entry{};

    [[nodiscard]] bool is_still_there() const;
};

// Entries that name a frame, in tables of one type or of any.
class EntrySearch {
    Mfn wanted_;
    std::optional<PageType> only_;
    Mfn at_{0};
    unsigned slot_ = 0;

    std::optional<Place> next_in_table(PageType type);

  public:
    EntrySearch(Mfn wanted, std::optional<PageType> only) : wanted_{wanted}, only_{only} {}

    [[nodiscard]] bool done() const { return at_ >= mm::max_mfn(); }
    // The next one; none: not in what this call has looked at.
    std::optional<Place> next();
};

// An address that an entry is the last step to, by the first way down there is.
class AddressSearch {
    u64 va_;
    PageType reached_;
    EntrySearch above_;

    static EntrySearch tables_above(Mfn table, PageType type);

  public:
    explicit AddressSearch(Place const& place);

    // False: the search is over.
    bool step();
    // None: the table is in no address space yet.
    [[nodiscard]] std::optional<u64> address() const;
};

}  // namespace monitor
