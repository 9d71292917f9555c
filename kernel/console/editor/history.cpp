// SPDX-License-Identifier: MIT
#include "kernel/console/editor/history.hpp"

#include <algorithm>

namespace editor {

void History::drop_oldest() {
    auto const end = text_.begin() + static_cast<std::ptrdiff_t>(used_);
    auto const second = std::find(text_.begin(), end, '\n') + 1;
    used_ = static_cast<usize>(std::copy(second, end, text_.begin()) - text_.begin());
}

void History::add(std::string_view line) {
    if (line.empty() || line == back(1) || line.size() >= text_.size())
        return;
    while (text_.size() - used_ <= line.size())
        drop_oldest();
    used_ += line.copy(text_.data() + used_, line.size());
    text_[used_++] = '\n';
}

std::string_view History::back(usize n) const {
    std::string_view rest{text_.data(), used_}, line;
    for (; n > 0 && !rest.empty(); --n) {
        rest.remove_suffix(1);
        line = rest.substr(rest.rfind('\n') + 1);  // npos + 1 is 0
        rest.remove_suffix(line.size());
    }
    return n == 0 ? line : std::string_view{};
}

}  // namespace editor
