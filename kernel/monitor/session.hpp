// SPDX-License-Identifier: MIT
// Command lines and answers, from wherever and for whomever.
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

// Answers are said a piece at a time, so that a long one does not stop the
// guests. Takes the next one off: whole lines, so that what others say falls
// between them.
inline constexpr Nanos piece_interval = 1'000'000;
std::string_view take_piece(std::string_view& unsaid);

// In place of one for which there is no room.
Answer no_memory();

}  // namespace monitor
