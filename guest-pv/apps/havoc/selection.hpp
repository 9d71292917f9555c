// SPDX-License-Identifier: MIT
// Which steps are done: the first N, or those in a list such as `3,10-20,400`.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "kernel/base/types.hpp"

namespace havoc {

class Selection {
  public:
    static Selection first(u64 count);
    // Ascending and without overlaps, or nothing.
    static std::optional<Selection> parse(std::string_view list);

    // The first one at or behind `step`; nothing when there is none.
    [[nodiscard]] std::optional<u64> next(u64 step) const;

  private:
    struct Range {
        u64 first, last;
    };
    std::vector<Range> ranges_;
};

}  // namespace havoc
