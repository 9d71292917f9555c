// SPDX-License-Identifier: MIT
// What a terminal sends, made into keys: control bytes, cursor keys and the
// like, which are several bytes long, and its own answer when it was asked how
// large its screen is.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/types.hpp"

namespace editor {

// In characters; zero: not known.
struct ScreenSize {
    u32 rows = 0, columns = 0;
    [[nodiscard]] bool known() const { return rows != 0 && columns != 0; }
};

// Asks a terminal, without a trace on the screen: the cursor goes where no
// screen is that large, tells where it came to, and returns. Programs that play
// a terminal do not answer.
inline constexpr std::string_view ask_screen_size = "\x1b\x37\x1b[999;999H\x1b[6n\x1b\x38\r";

enum class Key : u8 {
    none,  // not whole yet, or none that we know
    text,
    enter,
    tab,
    left,
    right,
    home,
    end,
    up,
    down,
    backspace,
    remove,  // what the cursor stands on
    remove_word,
    remove_before,
    remove_behind,
    clear_screen,
    interrupt,
    screen_size,  // nobody pressed it
};

struct Press {
    Key key = Key::none;
    char text = '\0';  // printable ASCII
    ScreenSize screen{};
};

class KeyDecoder {
    enum class State : u8 { plain, escape, sequence };

    State state_ = State::plain;
    bool after_return_ = false;
    std::array<u32, 2> numbers_{};  // of a sequence
    usize number_ = 0;              // being read

    Press in_sequence(char c);
    [[nodiscard]] Press end_of_sequence(char last) const;

  public:
    Press take(char c);
};

}  // namespace editor
