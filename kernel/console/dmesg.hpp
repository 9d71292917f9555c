// SPDX-License-Identifier: MIT
// The last lines said, kept for `xl dmesg`. Positions count bytes since
// start-up and never go back, so a reader can ask for what is new.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

namespace console {

class Dmesg {
  public:
    static constexpr usize capacity = 32768;

    void add(std::string_view bytes);
    void clear() { begin_ = end_; }

    // Copies what is kept from position `from` on (at the earliest what still
    // exists) and says where that was: the bytes lie at [at, at + count).
    struct Extract {
        u64 at;
        usize count;
    };
    [[nodiscard]] Extract read(u64 from, std::span<char> into) const;
    [[nodiscard]] u64 begin() const { return begin_; }
    [[nodiscard]] u64 end() const { return end_; }

  private:
    std::array<char, capacity> bytes_{};
    u64 begin_ = 0;
    u64 end_ = 0;
};

}  // namespace console
