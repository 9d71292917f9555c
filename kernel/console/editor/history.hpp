// SPDX-License-Identifier: MIT
// Lines that were typed before, in fixed room: the oldest go when it is full.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/types.hpp"

namespace editor {

class History {
    std::array<char, 2048> text_{};  // oldest first, each line with its newline
    usize used_ = 0;

    void drop_oldest();

  public:
    // Unless it is the same as the last one, or empty.
    void add(std::string_view line);
    // The last is 1, the one before it 2; empty when there are not so many.
    [[nodiscard]] std::string_view back(usize n) const;
};

}  // namespace editor
