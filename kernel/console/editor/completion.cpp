// SPDX-License-Identifier: MIT
#include "kernel/console/editor/completion.hpp"

#include <algorithm>

namespace editor {

Completion::Completion(std::string_view typed, Show list) : list_{list} {
    usize const start = typed.rfind(' ') + 1;  // npos + 1 is 0
    before_ = typed.substr(0, start);
    word_ = typed.substr(start);
}

void Completion::offer(std::string_view candidate) {
    constexpr u32 most_shown = 100;
    if (candidate.empty() || !candidate.starts_with(word_))
        return;
    if (list_ && count_ < most_shown) {
        list_(candidate);
        list_("  ");
    } else if (list_ && count_ == most_shown) {
        list_("...");
    }
    if (count_++ == 0)
        length_ = candidate.copy(common_.data(), common_.size());
    else
        length_ = static_cast<usize>(
            std::ranges::mismatch(std::string_view{common_.data(), length_}, candidate).in2 -
            candidate.begin());
}

std::string_view Completion::rest() const {
    return std::string_view{common_.data(), length_}.substr(std::min(word_.size(), length_));
}

}  // namespace editor
