// SPDX-License-Identifier: MIT
// Which pages are free, one bit each (set = free), in storage the caller has.
// Single pages are found by a cursor that moves on; runs by a first fit.
#pragma once

#include <optional>
#include <span>

#include "kernel/base/types.hpp"

namespace rt {

class PageBitmap {
  public:
    static constexpr usize bytes_for(u64 pages) { return (pages + 63) / 64 * sizeof(u64); }

    PageBitmap() = default;
    // Nothing is free at first.
    PageBitmap(std::span<u64> words, u64 pages);

    // First page of a run that was free and now is not.
    std::optional<u64> allocate(usize count);
    // False, with nothing changed, when a page of the run is free or does not exist.
    [[nodiscard]] bool free(u64 first, usize count);

    [[nodiscard]] u64 free_pages() const { return free_; }
    [[nodiscard]] u64 pages() const { return pages_; }

  private:
    [[nodiscard]] bool is_free(u64 page) const { return (words_[page / 64] >> (page % 64) & 1) != 0; }
    void take(u64 first, usize count);
    std::optional<u64> find_one();
    [[nodiscard]] std::optional<u64> find_run(usize count) const;

    std::span<u64> words_;
    u64 pages_ = 0;
    u64 free_ = 0;
    usize cursor_ = 0;  // the word where a page was last found
};

}  // namespace rt
