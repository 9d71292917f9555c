// SPDX-License-Identifier: MIT
#include "dom0/console/history.hpp"

namespace console {

void History::append(std::string_view bytes) {
    // Growing to twice the size before cutting keeps the cost per byte constant.
    text_ += bytes;
    if (text_.size() < 2 * capacity)
        return;
    usize const excess = text_.size() - capacity;
    text_.erase(0, excess);
    lost_ += excess;
}

}  // namespace console
