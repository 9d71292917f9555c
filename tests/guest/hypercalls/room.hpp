// SPDX-License-Identifier: MIT
// HC-4: what a hypercall leaves in memory that is no part of its answer.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>

#include "kernel/base/types.hpp"
#include "tests/guest/verdict.hpp"

inline constexpr u8 sentinel = 0xa5;

struct Range {
    usize from, to;
};

// Room for an answer, with sentinels in it and around it.
template <class T>
class Room {
    struct {
        std::array<u8, 256> below;
        T value;
        std::array<u8, 256> above;
    } area_;

    static bool untouched(std::array<u8, 256> const& bytes) {
        return std::ranges::all_of(bytes, [](u8 b) { return b == sentinel; });
    }

  public:
    Room() { std::memset(&area_, sentinel, sizeof area_); }
    [[nodiscard]] T& value() { return area_.value; }
    [[nodiscard]] bool clean_around() const { return untouched(area_.below) && untouched(area_.above); }
    [[nodiscard]] bool clean_in(Range r) const {
        auto const* const bytes = reinterpret_cast<u8 const*>(&area_.value);
        return std::all_of(bytes + r.from, bytes + r.to, [](u8 b) { return b == sentinel || b == 0; });
    }
};

// `gaps`: bytes that mean nothing.
template <class T, class Ask>
void check_output(char const* what, Ask ask, std::initializer_list<Range> gaps) {
    Room<T> room;
    verdict::check(ask(room.value()) >= 0, what, __FILE__, __LINE__);
    verdict::check(room.clean_around(), what, __FILE__, __LINE__);
    for (Range const gap : gaps)
        verdict::check(room.clean_in(gap), what, __FILE__, __LINE__, static_cast<s64>(gap.from));
}
