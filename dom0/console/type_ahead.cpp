// SPDX-License-Identifier: MIT
#include "dom0/console/type_ahead.hpp"

#include <algorithm>
#include <utility>

namespace console {

void TypeAhead::append(std::string_view bytes, Growth growth) {
    usize const spare = growth == Growth::none ? text_.capacity() - text_.size() : capacity;
    usize const room = std::min(spare, capacity - waiting().size());
    usize const kept = std::min(bytes.size(), room);
    lost_ += bytes.size() - kept;
    // At most once in a capacity's worth of bytes.
    if (text_.size() + kept > 2 * capacity) {
        text_.erase(0, taken_);
        taken_ = 0;
    }
    text_ += bytes.substr(0, kept);
}

void TypeAhead::take(usize count) {
    taken_ += std::min(count, text_.size() - taken_);
    if (taken_ != text_.size())
        return;
    std::string{}.swap(text_);  // gives the memory back
    taken_ = 0;
}

u64 TypeAhead::lost() {
    return std::exchange(lost_, 0);
}

}  // namespace console
