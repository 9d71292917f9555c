// SPDX-License-Identifier: MIT
// One line of an answer while it is put together. What does not fit is cut.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/types.hpp"

namespace monitor {

class Line {
    std::array<char, 400> text_;
    usize used_ = 0;

  public:
    void put(char c) {
        if (used_ < text_.size())
            text_[used_++] = c;
    }
    void put(std::string_view s) {
        for (char const c : s)
            put(c);
    }
    void put_padded(std::string_view s, usize width, bool left);
    void put_lower(std::string_view s);
    // Quoted, as JSON wants it.
    void put_json(std::string_view s);
    void trim_end();
    [[nodiscard]] std::string_view view() const { return {text_.data(), used_}; }
};

}  // namespace monitor
