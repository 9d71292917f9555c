// SPDX-License-Identifier: MIT
// How a word that has begun may go on. Whoever knows offers what may stand
// there; what all that fit have in common is what Tab can write.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/types.hpp"

namespace editor {

using Show = void (*)(std::string_view);

class Completion {
    std::string_view before_, word_;
    Show list_;
    std::array<char, 64> common_{};
    usize length_ = 0;
    u32 count_ = 0;

  public:
    // `typed`: the line up to the cursor. Candidates are shown as they come,
    // unless `list` is null.
    Completion(std::string_view typed, Show list);

    // The words before this one, and what there is of it.
    [[nodiscard]] std::string_view before() const { return before_; }
    [[nodiscard]] std::string_view word() const { return word_; }

    // Those that do not begin as the word does are passed over.
    void offer(std::string_view candidate);

    [[nodiscard]] u32 count() const { return count_; }
    // What is to be written behind the word.
    [[nodiscard]] std::string_view rest() const;
};

// Offers the words that may stand there.
using Complete = void (*)(Completion&);

}  // namespace editor
