// SPDX-License-Identifier: MIT
#include "dom0/shell/line_editor.hpp"

#include <algorithm>

namespace shell {
namespace {

constexpr char control(char letter) {
    return static_cast<char>(letter & 0x1f);
}
constexpr char escape = 0x1b;
constexpr char backspace = 0x7f;

}  // namespace

std::optional<std::string> LineEditor::press(char key) {
    // Terminals may send both; the second is no second line.
    bool const rest_of_newline = key == '\n' && after_return_;
    after_return_ = key == '\r';
    if (rest_of_newline)
        return std::nullopt;
    if (state_ != State::plain) {
        sequence(key);
        return std::nullopt;
    }
    if (key == '\r' || key == '\n')
        return complete();
    plain(key);
    return std::nullopt;
}

void LineEditor::plain(char key) {
    switch (key) {
        case control('a'):
            return move(0);
        case control('e'):
            return move(line_.size());
        case control('b'):
            return move(cursor_ - (cursor_ > 0));
        case control('f'):
            return move(cursor_ + 1);
        case control('p'):
            return recall(recalled_ - (recalled_ > 0));
        case control('n'):
            return recall(recalled_ + 1);
        case control('u'):
            return erase(0, cursor_);
        case control('k'):
            return erase(cursor_, line_.size());
        case control('d'):
            return erase(cursor_, cursor_ + 1);
        case control('h'):
        case backspace:
            return erase(cursor_ - (cursor_ > 0), cursor_);
        case control('c'):
            output_ += "^C\n";
            line_.clear();
            cursor_ = 0;
            recalled_ = history_.size();
            return redraw();
        case control('l'):
            output_ += "\x1b[H\x1b[2J";
            return redraw();
        case escape:
            state_ = State::escape;
            return;
        default:
            if (key >= ' ' && key <= '~')
                insert(key);
    }
}

// ESC [ letter, ESC O letter, or ESC [ digit ~
void LineEditor::sequence(char key) {
    State const state = std::exchange(state_, State::plain);
    if (state == State::escape && (key == '[' || key == 'O')) {
        state_ = State::bracket;
        return;
    }
    if (state != State::escape && key >= '0' && key <= '9') {
        constexpr char no_key_we_know = '\0';  // numbers of two digits
        number_ = state == State::bracket ? key : no_key_we_know;
        state_ = State::bracket_number;
        return;
    }
    if (state == State::bracket_number && key == '~') {
        constexpr std::string_view numbers = "13478", letters = "HPFHF";
        auto const index = numbers.find(number_);
        key = index == std::string_view::npos ? '~' : letters[index];
    } else if (state != State::bracket) {
        return;
    }
    switch (key) {
        case 'A':
            return plain(control('p'));
        case 'B':
            return plain(control('n'));
        case 'C':
            return plain(control('f'));
        case 'D':
            return plain(control('b'));
        case 'H':
            return plain(control('a'));
        case 'F':
            return plain(control('e'));
        case 'P':
            return plain(control('d'));
        default:
            return;
    }
}

void LineEditor::insert(char key) {
    if (line_.size() == longest_line)
        return;
    line_.insert(cursor_, 1, key);
    ++cursor_;
    if (cursor_ == line_.size())
        output_ += key;
    else
        redraw();
}

void LineEditor::erase(usize from, usize to) {
    to = std::min(to, line_.size());
    if (from >= to)
        return;
    line_.erase(from, to - from);
    cursor_ = from;
    redraw();
}

void LineEditor::move(usize to) {
    cursor_ = std::min(to, line_.size());
    redraw();
}

void LineEditor::recall(usize index) {
    recalled_ = std::min(index, history_.size());
    line_ = recalled_ == history_.size() ? std::string{} : history_[recalled_];
    cursor_ = line_.size();
    redraw();
}

std::optional<std::string> LineEditor::complete() {
    output_ += '\n';
    std::string line = std::exchange(line_, {});
    cursor_ = 0;
    if (!line.empty() && (history_.empty() || history_.back() != line))
        history_.push_back(line);
    if (history_.size() > most_lines)
        history_.pop_front();
    recalled_ = history_.size();
    return line;
}

void LineEditor::redraw() {
    output_.append("\r\x1b[K").append(prompt_).append(line_);
    if (usize const back = line_.size() - cursor_; back != 0)
        output_.append("\x1b[").append(std::to_string(back)).append("D");
}

}  // namespace shell
