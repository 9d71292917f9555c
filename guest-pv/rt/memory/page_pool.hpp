// SPDX-License-Identifier: MIT
// The one pool that all pages of this guest come from, by page number.
#pragma once

#include "guest-pv/rt/memory/page_bitmap.hpp"

namespace rt {

class PagePool {
  public:
    std::optional<u64> allocate(usize count) { return bitmap_.allocate(count); }
    // Freeing what is free already is a fault of this guest: panics.
    void free(u64 first, usize count);
    [[nodiscard]] u64 free_pages() const { return bitmap_.free_pages(); }
    [[nodiscard]] u64 pages() const { return bitmap_.pages(); }

  private:
    friend void start_page_pool(std::span<u64> storage, u64 pages);
    PageBitmap bitmap_;
};

PagePool& page_pool();
void start_page_pool(std::span<u64> storage, u64 pages);

}  // namespace rt
