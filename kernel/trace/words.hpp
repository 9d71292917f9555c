// SPDX-License-Identifier: MIT
// Words for events of kernel/trace.
#pragma once

#include <array>
#include <string_view>

#include "kernel/trace/backwards.hpp"

namespace trace {

using Words = std::array<char, 80>;

// "d1v0", or "-" for nobody.
std::string_view who_of(Event const& e, Words& buffer);
// Hypercalls lie above this and are not known here: start-up tells.
void set_call_names(std::string_view (*name)(u64 nr));
// What its two numbers say; "" where there is nothing to add to the kind.
std::string_view meaning_of(Event const& e, Words& buffer);

// An event in one line.
class Line {
    std::array<char, 160> buffer_;
    std::string_view text_;

  public:
    explicit Line(Found const& f);
    [[nodiscard]] std::string_view text() const { return text_; }
};

}  // namespace trace
