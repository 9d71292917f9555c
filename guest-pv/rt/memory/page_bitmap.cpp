// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/page_bitmap.hpp"

#include <algorithm>
#include <bit>

namespace rt {

PageBitmap::PageBitmap(std::span<u64> words, u64 pages) : words_{words}, pages_{pages} {
    std::ranges::fill(words_, 0);
}

std::optional<u64> PageBitmap::find_one() {
    for (usize step = 0; step < words_.size(); step++) {
        usize const word = (cursor_ + step) % words_.size();
        if (words_[word] == 0)
            continue;
        cursor_ = word;
        return word * 64 + static_cast<u64>(std::countr_zero(words_[word]));
    }
    return std::nullopt;
}

std::optional<u64> PageBitmap::find_run(usize count) const {
    u64 length = 0;
    for (u64 page = 0; page < pages_; page++) {
        length = is_free(page) ? length + 1 : 0;
        if (length == count)
            return page + 1 - count;
    }
    return std::nullopt;
}

void PageBitmap::take(u64 first, usize count) {
    for (u64 page = first; page < first + count; page++)
        words_[page / 64] &= ~(u64{1} << (page % 64));
    free_ -= count;
}

std::optional<u64> PageBitmap::allocate(usize count) {
    if (count == 0 || count > free_)
        return std::nullopt;
    auto const first = count == 1 ? find_one() : find_run(count);
    if (first)
        take(*first, count);
    return first;
}

bool PageBitmap::free(u64 first, usize count) {
    if (first > pages_ || count > pages_ - first)
        return false;
    for (u64 page = first; page < first + count; page++)
        if (is_free(page))
            return false;
    for (u64 page = first; page < first + count; page++)
        words_[page / 64] |= u64{1} << (page % 64);
    free_ += count;
    return true;
}

}  // namespace rt
