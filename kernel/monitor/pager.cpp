// SPDX-License-Identifier: MIT
#include "kernel/monitor/pager.hpp"

#include <algorithm>

namespace monitor {

std::string_view Pager::take(std::string_view& unsaid) {
    if (!on_)
        return take_piece(unsaid);
    std::string_view behind = unsaid;
    std::string_view const piece = take_piece(behind);
    usize end = 0;
    while (end < piece.size() && left_ != 0) {
        usize const length = std::min(piece.find('\n', end), piece.size() - 1) + 1 - end;
        // A line wider than the screen goes on in the next row.
        usize const rows = std::max<usize>(1, (length - 1 + screen_.columns - 1) / screen_.columns);
        left_ -= static_cast<u32>(std::min<usize>(left_, rows));
        end += length;
    }
    unsaid.remove_prefix(end);
    return piece.substr(0, end);
}

}  // namespace monitor
