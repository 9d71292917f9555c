// SPDX-License-Identifier: MIT
// Numbers that follow from a seed. Each step has a generator of its own, so what
// a step does is the same whichever others are left out.
#pragma once

#include <initializer_list>
#include <span>

#include "kernel/base/types.hpp"

namespace havoc {

class Random {
    u64 state_;

    static constexpr u64 mix(u64 z) {  // the finalizer of SplitMix64
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }

  public:
    constexpr Random(u64 seed, u32 worker, u64 step) : state_{mix(mix(seed) + worker) + mix(step)} {}

    constexpr u64 word() { return mix(state_ += 0x9e3779b97f4a7c15); }
    constexpr u64 below(u64 n) { return word() % n; }
    // True once in `n` times.
    constexpr bool once_in(u64 n) { return below(n) == 0; }
    template <class T>
    constexpr T const& one_of(std::span<T const> list) {
        return list[below(list.size())];
    }
    template <class T>
    constexpr T one_of(std::initializer_list<T> list) {
        return list.begin()[below(list.size())];
    }
    // Any number of bits, the lower ones more often.
    constexpr u64 wild() { return word() >> below(64); }
};

}  // namespace havoc
