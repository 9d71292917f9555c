// SPDX-License-Identifier: MIT
#include "kernel/console/editor/keys.hpp"

#include <algorithm>
#include <utility>

namespace editor {
namespace {

constexpr char escape = 0x1b;
constexpr char rubout = 0x7f;

constexpr char control(char letter) {
    return static_cast<char>(letter & 0x1f);
}

Key key_of(char c) {
    switch (c) {
        case control('a'):
            return Key::home;
        case control('b'):
            return Key::left;
        case control('c'):
            return Key::interrupt;
        case control('d'):
            return Key::remove;
        case control('e'):
            return Key::end;
        case control('f'):
            return Key::right;
        case control('h'):
        case rubout:
            return Key::backspace;
        case '\t':
            return Key::tab;
        case '\r':
        case '\n':
            return Key::enter;
        case control('k'):
            return Key::remove_behind;
        case control('l'):
            return Key::clear_screen;
        case control('n'):
            return Key::down;
        case control('p'):
            return Key::up;
        case control('u'):
            return Key::remove_before;
        case control('w'):
            return Key::remove_word;
        default:
            return c >= ' ' && c <= '~' ? Key::text : Key::none;
    }
}

Key key_of_letter(char letter) {
    switch (letter) {
        case 'A':
            return Key::up;
        case 'B':
            return Key::down;
        case 'C':
            return Key::right;
        case 'D':
            return Key::left;
        case 'H':
            return Key::home;
        case 'F':
            return Key::end;
        default:
            return Key::none;
    }
}

Key key_of_number(u32 number) {
    switch (number) {
        case 1:
        case 7:
            return Key::home;
        case 3:
            return Key::remove;
        case 4:
        case 8:
            return Key::end;
        default:
            return Key::none;
    }
}

}  // namespace

Press KeyDecoder::take(char c) {
    // Terminals may send both; the second is no second line.
    bool const rest_of_newline = c == '\n' && after_return_;
    after_return_ = c == '\r';
    if (rest_of_newline)
        return {};
    // A key of its own, whatever sequence was left unfinished.
    if (c >= '\0' && c < ' ')
        state_ = State::plain;
    switch (state_) {
        case State::escape:
            state_ = c == '[' || c == 'O' ? State::sequence : State::plain;
            return {};
        case State::sequence:
            return in_sequence(c);
        case State::plain:
            break;
    }
    if (c != escape)
        return {.key = key_of(c), .text = c};
    state_ = State::escape;
    numbers_ = {};
    number_ = 0;
    return {};
}

// ESC [ number ; number letter, without either number or with one; ESC O letter.
Press KeyDecoder::in_sequence(char c) {
    constexpr u32 large_enough = 10'000;
    if (c >= '0' && c <= '9') {
        u32& n = numbers_[number_];
        n = std::min(n * 10 + static_cast<u32>(c - '0'), large_enough);
        return {};
    }
    if (c == ';') {
        number_ = numbers_.size() - 1;
        return {};
    }
    state_ = State::plain;
    return end_of_sequence(c);
}

Press KeyDecoder::end_of_sequence(char last) const {
    if (last == 'R')
        return {.key = Key::screen_size, .screen = {numbers_[0], numbers_[1]}};
    return {.key = last == '~' ? key_of_number(numbers_[0]) : key_of_letter(last)};
}

}  // namespace editor
