// SPDX-License-Identifier: MIT
// What was typed for a guest that has not taken it yet. Large enough for what
// people paste; of more than that the oldest stays, and what is lost is counted.
#pragma once

#include <string>
#include <string_view>

#include "dom0/console/growth.hpp"
#include "kernel/base/types.hpp"

namespace console {

class TypeAhead {
  public:
    static constexpr usize capacity = 1024 * 1024;

    void append(std::string_view bytes, Growth growth = Growth::allowed);

    // What is to be taken next.
    [[nodiscard]] std::string_view waiting() const { return std::string_view{text_}.substr(taken_); }
    void take(usize count);

    // Bytes lost since this was asked last.
    [[nodiscard]] u64 lost();

  private:
    std::string text_;
    usize taken_ = 0;  // bytes at the beginning of text_ that are no longer needed
    u64 lost_ = 0;
};

}  // namespace console
