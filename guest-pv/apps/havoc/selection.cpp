// SPDX-License-Identifier: MIT
#include "guest-pv/apps/havoc/selection.hpp"

#include <algorithm>
#include <charconv>

namespace havoc {
namespace {

// Takes a number off the front of `text`.
std::optional<u64> take_number(std::string_view& text) {
    u64 value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{})
        return std::nullopt;
    text.remove_prefix(static_cast<usize>(end - text.data()));
    return value;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

Selection Selection::first(u64 count) {
    Selection s;
    if (count != 0)
        s.ranges_.push_back({0, count - 1});
    return s;
}

std::optional<Selection> Selection::parse(std::string_view list) {
    Selection s;
    do {
        auto const first = take_number(list);
        auto const last = take(list, '-') ? take_number(list) : first;
        bool const ascending = s.ranges_.empty() || (first && s.ranges_.back().last < *first);
        if (!first || !last || *last < *first || !ascending)
            return std::nullopt;
        s.ranges_.push_back({*first, *last});
    } while (take(list, ','));
    return list.empty() ? std::optional{s} : std::nullopt;
}

std::optional<u64> Selection::next(u64 step) const {
    auto const at = std::ranges::lower_bound(ranges_, step, {}, &Range::last);
    if (at == ranges_.end())
        return std::nullopt;
    return std::max(step, at->first);
}

}  // namespace havoc
