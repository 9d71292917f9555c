// SPDX-License-Identifier: MIT
// Sorting bit by bit, for who may not take long at a time: a heap sort of which
// each step moves one element.
#pragma once

#include <algorithm>
#include <span>

#include "kernel/base/types.hpp"

namespace monitor {

template <class T, class Before>
class GradualSort {
    std::span<T> all_;
    Before before_;
    usize in_heap_ = 0;
    usize sorted_ = 0;  // at the end

  public:
    GradualSort(std::span<T> all, Before before) : all_{all}, before_{before} {}

    // False: it is sorted.
    bool step() {
        if (in_heap_ < all_.size())
            std::ranges::push_heap(all_.first(++in_heap_), before_);
        else if (sorted_ < all_.size())
            std::ranges::pop_heap(all_.first(all_.size() - sorted_++), before_);
        return sorted_ < all_.size();
    }
};

}  // namespace monitor
