// SPDX-License-Identifier: MIT
#include "dom0/console/history.hpp"

namespace console {

void History::append(std::string_view bytes, Growth growth) {
    if (growth == Growth::none && bytes.size() > text_.capacity() - text_.size()) {
        lost_ += bytes.size();
        return;
    }
    // Growing to twice the size before cutting keeps the cost per byte constant.
    text_ += bytes;
    if (text_.size() < 2 * capacity)
        return;
    usize const excess = text_.size() - capacity;
    text_.erase(0, excess);
    lost_ += excess;
}

std::string_view History::last(usize most) const {
    auto const all = text();
    if (all.size() <= most)
        return all;
    auto const tail = all.substr(all.size() - most);
    auto const line_end = tail.find('\n');
    return line_end == std::string_view::npos ? tail : tail.substr(line_end + 1);
}

}  // namespace console
