// SPDX-License-Identifier: MIT
// A command line taken apart: words, without the options. Any command understands
// -j, and -v where there is more to say.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "kernel/base/types.hpp"

namespace monitor {

class Arguments {
  public:
    explicit Arguments(std::string_view line);

    [[nodiscard]] std::string_view command() const { return count_ == 0 ? std::string_view{} : words_[0]; }
    [[nodiscard]] bool json() const { return json_; }
    [[nodiscard]] bool verbose() const { return verbose_; }
    [[nodiscard]] usize count() const { return count_ == 0 ? 0 : count_ - 1; }
    // Argument n, from 0; "" when there are fewer.
    [[nodiscard]] std::string_view operator[](usize n) const {
        return n < count() ? words_[n + 1] : std::string_view{};
    }
    // Argument n as a number, decimal or 0x hexadecimal.
    [[nodiscard]] std::optional<u64> number(usize n) const;

  private:
    std::array<std::string_view, 8> words_;
    usize count_ = 0;
    bool json_ = false;
    bool verbose_ = false;
};

// A number, decimal or 0x hexadecimal.
std::optional<u64> number_of(std::string_view s);

}  // namespace monitor
