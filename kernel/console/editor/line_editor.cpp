// SPDX-License-Identifier: MIT
#include "kernel/console/editor/line_editor.hpp"

#include <algorithm>

#include "kernel/base/format.hpp"

namespace editor {

std::optional<std::string_view> LineEditor::press(Press const& p) {
    if (p.key == Key::enter)
        return finish();
    edit(p);
    return std::nullopt;
}

void LineEditor::edit(Press const& p) {
    switch (p.key) {
        case Key::text:
            return insert({&p.text, 1});
        case Key::tab:
            return complete_word();
        case Key::left:
            return move(cursor_ - (cursor_ > 0));
        case Key::right:
            return move(cursor_ + 1);
        case Key::home:
            return move(0);
        case Key::end:
            return move(used_);
        case Key::up:
            return recall(recalled_ + 1);
        case Key::down:
            return recall(recalled_ - (recalled_ > 0));
        case Key::backspace:
            return erase(cursor_ - (cursor_ > 0), cursor_);
        case Key::remove:
            return erase(cursor_, cursor_ + 1);
        case Key::remove_word:
            return erase(start_of_word(), cursor_);
        case Key::remove_before:
            return erase(0, cursor_);
        case Key::remove_behind:
            return erase(cursor_, used_);
        case Key::clear_screen:
            show_("\x1b[H\x1b[2J");
            return redraw();
        case Key::interrupt:
            show_("^C\n");
            clear();
            return redraw();
        default:
            return;
    }
}

void LineEditor::insert(std::string_view text) {
    if (text.empty() || text.size() > longest_ - used_)
        return;
    bool const at_end = cursor_ == used_;
    char* const here = line_.data() + cursor_;
    std::copy_backward(here, line_.data() + used_, line_.data() + used_ + text.size());
    std::ranges::copy(text, here);
    used_ += text.size();
    cursor_ += text.size();
    at_end ? show_(text) : redraw();
}

void LineEditor::erase(usize from, usize to) {
    to = std::min(to, used_);
    if (from >= to)
        return;
    std::copy(line_.data() + to, line_.data() + used_, line_.data() + from);
    used_ -= to - from;
    cursor_ = from;
    redraw();
}

void LineEditor::move(usize to) {
    cursor_ = std::min(to, used_);
    redraw();
}

usize LineEditor::start_of_word() const {
    std::string_view before = line().substr(0, cursor_);
    before = before.substr(0, before.find_last_not_of(' ') + 1);
    return before.rfind(' ') + 1;  // npos + 1 is 0
}

void LineEditor::recall(usize back) {
    std::string_view const old = back == 0 ? std::string_view{} : history_.back(back);
    if (back != 0 && old.empty())
        return;  // the oldest is shown already
    recalled_ = back;
    used_ = cursor_ = old.copy(line_.data(), longest_);
    redraw();
}

void LineEditor::complete_word() {
    if (!complete_)
        return;
    Completion found{line().substr(0, cursor_), nullptr};
    complete_(found);
    bool const whole = found.count() == 1;
    if (found.rest().empty() && found.count() > 1)
        return list_candidates();
    insert(found.rest());
    if (whole && cursor_ == used_)
        insert(" ");
}

void LineEditor::list_candidates() {
    show_("\n");
    Completion listed{line().substr(0, cursor_), show_};
    complete_(listed);
    show_("\n");
    redraw();
}

std::string_view LineEditor::finish() {
    show_("\n");
    std::string_view const whole = line();
    history_.add(whole);
    clear();
    return whole;
}

void LineEditor::clear() {
    used_ = cursor_ = recalled_ = 0;
}

void LineEditor::redraw() {
    show_("\r\x1b[K");
    show_(prompt_);
    show_(line());
    std::array<char, 16> buffer;
    if (usize const back = used_ - cursor_; back != 0)
        show_(text::format_to(buffer, "\x1b[{}D", back));
}

}  // namespace editor
