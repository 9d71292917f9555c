// SPDX-License-Identifier: MIT
// Which parts of the window area are free. Each window is followed by a page
// that is never mapped, so running over its end faults.
#include <map>
#include <utility>

#include "guest-pv/rt/boot/layout.h"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/page_table.hpp"

namespace rt {

namespace {

class FreeRanges {
  public:
    // First fit; the caller gets the front part.
    Result<u64> take(usize pages) {
        for (auto range = ranges_.begin(); range != ranges_.end(); ++range) {
            auto const [first, length] = *range;
            if (length < pages)
                continue;
            ranges_.erase(range);
            if (length > pages)
                ranges_.emplace(first + pages, length - pages);
            return first;
        }
        return Fail{Errno::nomem};
    }

    void give_back(u64 first, usize pages) {
        auto next = ranges_.upper_bound(first);
        if (next != ranges_.end() && next->first == first + pages) {
            pages += next->second;
            next = ranges_.erase(next);
        }
        if (next != ranges_.begin()) {
            auto const before = std::prev(next);
            if (before->first + before->second == first) {
                before->second += pages;
                return;
            }
        }
        ranges_.emplace(first, pages);
    }

  private:
    std::map<u64, u64> ranges_{{RT_WINDOW_BASE >> page_shift, (RT_HEAP_BASE - RT_WINDOW_BASE) >> page_shift}};
};

FreeRanges& free_ranges() {
    static FreeRanges self;
    return self;
}

constexpr usize with_guard(usize pages) {
    return pages + 1;
}

}  // namespace

Result<Window> Window::reserve(usize pages) {
    u64 const first = TRY(free_ranges().take(with_guard(pages)));
    Window window{Vaddr{first << page_shift}, pages};
    TRY_VOID(page_table::create(window.first_, pages));
    return window;
}

Window::Window(Window&& other) noexcept
    : first_{std::exchange(other.first_, {})}, pages_{std::exchange(other.pages_, 0)} {}

Window& Window::operator=(Window&& other) noexcept {
    std::swap(first_, other.first_);
    std::swap(pages_, other.pages_);
    return *this;
}

Window::~Window() {
    if (pages_ > 0)
        free_ranges().give_back(first_.raw() >> page_shift, with_guard(pages_));
}

}  // namespace rt
