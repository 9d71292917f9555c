// SPDX-License-Identifier: MIT
// What a fuzzer makes up, taken piece by piece; behind its end all is zero.
#pragma once

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

// A harness is this function, in a program of its own.
extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size);

namespace fuzz {

class Input {
    std::span<u8 const> rest_;

  public:
    Input(u8 const* data, usize size) : rest_{data, size} {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }

    template <class T>
    T take() {
        T value{};
        auto const part = bytes(sizeof value);
        std::ranges::copy(std::as_bytes(part), reinterpret_cast<std::byte*>(&value));
        return value;
    }
    // One of [0, end).
    u32 below(u32 end) { return take<u8>() % end; }

    std::span<u8 const> bytes(usize count) {
        auto const part = rest_.first(std::min(count, rest_.size()));
        rest_ = rest_.subspan(part.size());
        return part;
    }
    std::string_view text(usize count) {
        auto const part = bytes(count);
        return {reinterpret_cast<char const*>(part.data()), part.size()};
    }
};

// A finding, unless it holds.
inline void require(bool holds, char const* what) {
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

}  // namespace fuzz
