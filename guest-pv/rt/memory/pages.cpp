// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/pages.hpp"

#include <cstring>
#include <utility>

#include "guest-pv/rt/memory/linear.hpp"
#include "guest-pv/rt/memory/page_pool.hpp"
#include "guest-pv/rt/memory/refusal.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt {

namespace {

// In use before constructors run: it must need none.
constinit PagePool pool;

}  // namespace

PagePool& page_pool() {
    return pool;
}

void start_page_pool(std::span<u64> storage, u64 pages) {
    pool.bitmap_ = PageBitmap{storage, pages};
}

void PagePool::free(u64 first, usize count) {
    if (!bitmap_.free(first, count))
        panic("a page was freed twice");
}

Result<Pages> Pages::allocate(usize count) {
    auto const first = is_refused(__builtin_frame_address(0)) ? std::optional<u64>{} : pool.allocate(count);
    if (!first)
        return Fail{Errno::nomem};
    auto* const data = linear_address(Pfn{*first});
    std::memset(data, 0, count * page_size);
    return Pages{data, count};
}

Pages::Pages(Pages&& other) noexcept
    : first_{std::exchange(other.first_, nullptr)}, count_{std::exchange(other.count_, 0)} {}

Pages& Pages::operator=(Pages&& other) noexcept {
    std::swap(first_, other.first_);
    std::swap(count_, other.count_);
    return *this;
}

Pages::~Pages() {
    if (count_ > 0)
        pool.free(pfn_of(first_).raw(), count_);
}

Mfn Pages::mfn(usize index) const {
    return mfn_of(first_ + index * page_size);
}

std::byte* Pages::release() {
    count_ = 0;
    return std::exchange(first_, nullptr);
}

PageCounts page_counts() {
    return {.total = pool.pages(), .free = pool.free_pages()};
}

}  // namespace rt
