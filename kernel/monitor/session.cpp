// SPDX-License-Identifier: MIT
#include "kernel/monitor/session.hpp"

namespace monitor {

std::string_view take_piece(std::string_view& unsaid) {
    constexpr usize piece_size = 512;  // more than a line
    usize const end = unsaid.rfind('\n', piece_size - 1);
    std::string_view const piece = unsaid.substr(0, end == std::string_view::npos ? piece_size : end + 1);
    unsaid.remove_prefix(piece.size());
    return piece;
}

Answer no_memory() {
    return {{}, "error: no memory for an answer\n"};
}

}  // namespace monitor
