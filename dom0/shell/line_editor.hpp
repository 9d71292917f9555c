// SPDX-License-Identifier: MIT
// Editing one line on a terminal that only sends and shows bytes: cursor keys,
// the usual control keys, and earlier lines. Knows no terminal: keys come in
// one by one, what to show comes out as text.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/base/types.hpp"

namespace shell {

class LineEditor {
  public:
    explicit LineEditor(std::string prompt) : prompt_{std::move(prompt)} {}

    // The line when `key` completed it.
    std::optional<std::string> press(char key);

    // What the terminal has to be shown since the last call.
    std::string take_output() { return std::exchange(output_, {}); }
    // Shows prompt and line anew, as after other output.
    void redraw();

  private:
    static constexpr usize longest_line = 512;
    static constexpr usize most_lines = 50;
    enum class State { plain, escape, bracket, bracket_number };

    void plain(char key);
    void sequence(char key);
    void insert(char key);
    void erase(usize from, usize to);
    void move(usize to);
    void recall(usize index);
    std::optional<std::string> complete();

    std::string prompt_;
    std::string line_;
    usize cursor_ = 0;
    State state_ = State::plain;
    char number_ = '\0';  // of ESC [ n ~
    bool after_return_ = false;
    std::deque<std::string> history_;
    usize recalled_ = 0;  // index in history_; its size: the line being written
    std::string output_;
};

}  // namespace shell
