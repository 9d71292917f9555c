// SPDX-License-Identifier: MIT
#include "kernel/monitor/entry_search.hpp"

namespace monitor {
namespace {

constexpr unsigned level_of(PageType t) {
    return static_cast<unsigned>(t) - static_cast<unsigned>(PageType::l1) + 1;
}
constexpr PageType above(PageType t) {
    return static_cast<PageType>(static_cast<unsigned>(t) + 1);
}

// None: it is no live page table.
std::optional<PageType> table_type(Mfn m) {
    PageInfo const* const p = mm::page_of(m);
    if (!p || p->type_count() == 0)
        return std::nullopt;
    PageType const t = p->type();
    return t >= PageType::l1 && t <= PageType::l4 ? std::optional{t} : std::nullopt;
}

}  // namespace

bool Place::is_still_there() const {
    return table_type(table) == type && read_entry(table, slot).raw == entry.raw;
}

std::optional<Place> EntrySearch::next_in_table(PageType type) {
    for (; slot_ < entries_per_table; ++slot_) {
        Entry const e = read_entry(at_, slot_);
        if (e.present() && e.frame() == wanted_)
            return Place{at_, type, slot_++, e};
    }
    return std::nullopt;
}

std::optional<Place> EntrySearch::next() {
    constexpr unsigned most_frames = 512;
    for (unsigned n = 0; n < most_frames && !done(); ++n) {
        auto const type = table_type(at_);
        bool const chosen = type && (!only_ || *only_ == *type);
        if (auto const found = chosen ? next_in_table(*type) : std::nullopt)
            return found;
        ++at_;
        slot_ = 0;
        if (chosen)
            break;
    }
    return std::nullopt;
}

EntrySearch AddressSearch::tables_above(Mfn table, PageType type) {
    return {table, above(type)};
}

AddressSearch::AddressSearch(Place const& place)
    : va_{place.slot * bytes_per_slot(level_of(place.type))},
      reached_{place.type},
      above_{tables_above(place.table, place.type)} {}

bool AddressSearch::step() {
    if (reached_ == PageType::l4 || above_.done())
        return false;
    if (auto const parent = above_.next()) {
        reached_ = parent->type;
        va_ += parent->slot * bytes_per_slot(level_of(parent->type));
        above_ = tables_above(parent->table, parent->type);
    }
    return true;
}

std::optional<u64> AddressSearch::address() const {
    return reached_ == PageType::l4 ? std::optional{canonical(va_)} : std::nullopt;
}

}  // namespace monitor
