// SPDX-License-Identifier: MIT
// Running one command line, from wherever it came.
#pragma once

#include <string_view>

#include "kernel/mm/heap.hpp"

namespace monitor {

inline constexpr usize longest_command = 120;
inline constexpr usize longest_answer = 64 * 1024;

// What a command said. Holds its memory until the reader is done with it.
class Answer {
    mm::HeapArray<char> memory_;
    std::string_view text_;

  public:
    Answer() = default;
    Answer(mm::HeapArray<char> memory, std::string_view text) : memory_{std::move(memory)}, text_{text} {}
    [[nodiscard]] std::string_view text() const { return text_; }
};

Answer run(std::string_view command_line);

}  // namespace monitor
