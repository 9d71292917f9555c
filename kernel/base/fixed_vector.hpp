// SPDX-License-Identifier: MIT
// Up to N values in place, for what has a natural small bound.
#pragma once

#include <array>
#include <span>

#include "kernel/base/types.hpp"

template <class T, usize N>
class FixedVector {
    std::array<T, N> items_{};
    usize size_ = 0;

  public:
    // False, and nothing changed, when it is full.
    [[nodiscard]] constexpr bool push(T const& v) {
        if (size_ == N)
            return false;
        items_[size_++] = v;
        return true;
    }
    constexpr void clear() { size_ = 0; }
    [[nodiscard]] constexpr usize size() const { return size_; }
    [[nodiscard]] constexpr bool empty() const { return size_ == 0; }

    constexpr T& operator[](usize i) { return items_[i]; }
    constexpr T const& operator[](usize i) const { return items_[i]; }
    constexpr T& back() { return items_[size_ - 1]; }
    constexpr T* begin() { return items_.data(); }
    constexpr T* end() { return items_.data() + size_; }
    constexpr T const* begin() const { return items_.data(); }
    constexpr T const* end() const { return items_.data() + size_; }
    [[nodiscard]] constexpr std::span<T const> view() const { return {items_.data(), size_}; }
};
