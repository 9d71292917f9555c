// SPDX-License-Identifier: MIT
// Text of one untrusted speaker, made into lines: bytes are collected until the
// line is whole, and what a terminal would act on is shown instead (CN-2).
// Tab and colour (ESC [ ... m) pass; everything else outside printable ASCII
// becomes \xNN. Knows neither consoles nor domains, so anyone may use it.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

namespace console {

class LineBuffer {
  public:
    static constexpr usize capacity = 240;

    // Takes one byte. True when a line is complete: read it with line(), then
    // call next(). A line that does not fit is handed out in parts.
    [[nodiscard]] bool put(char c);
    [[nodiscard]] std::string_view line() const { return {text_.data(), used_}; }
    void next() { used_ = 0; }
    [[nodiscard]] bool empty() const { return used_ == 0 && !waiting(); }

    // The speaker will say no more: what waits for its second half is shown as
    // it is. True when a rest of a line is there.
    [[nodiscard]] bool finish();

  private:
    static constexpr usize longest_unit = 4 * 20;  // an escape sequence, all of it escaped

    [[nodiscard]] bool waiting() const { return cr_ || sequence_used_ != 0; }
    void append(char c);
    void append_escaped(char c);
    void flush_sequence(bool as_is);
    [[nodiscard]] bool sequence_takes(char c);
    [[nodiscard]] bool full() const { return used_ + longest_unit > capacity; }

    std::array<char, capacity> text_{};
    std::array<char, 20> sequence_{};  // a colour sequence that has begun
    u16 used_ = 0;
    u8 sequence_used_ = 0;
    bool cr_ = false;  // a carriage return waits: dropped before a newline, else shown
};

}  // namespace console
