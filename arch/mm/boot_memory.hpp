// SPDX-License-Identifier: MIT
// Memory before there is a frame allocator: the RAM nobody has claimed yet, as
// a list of ranges. What is left goes to mm::add_free once the frame table is
// built.
#pragma once

#include <optional>

#include "kernel/base/fixed_vector.hpp"
#include "kernel/init/boot_info.hpp"

namespace arch {

class BootMemory {
  public:
    struct Range {
        Maddr start{};
        Maddr end{};
    };

    // Both for whole pages; false when there are more ranges than fit.
    [[nodiscard]] bool add(Maddr start, Maddr end);
    // Claims every page that [start, end) touches.
    [[nodiscard]] bool remove(Maddr start, Maddr end);

    // `bytes` (rounded up to pages) from the highest place that ends at or below
    // `limit`. Not cleared.
    [[nodiscard]] std::optional<Maddr> allocate(u64 bytes, u64 align, Maddr limit);

    [[nodiscard]] std::span<Range const> ranges() const { return free_.view(); }

  private:
    FixedVector<Range, 288> free_;  // each claim may split a range of the map
};

}  // namespace arch
