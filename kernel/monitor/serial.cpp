// SPDX-License-Identifier: MIT
#include "kernel/monitor/serial.hpp"

#include <algorithm>
#include <array>

#include "kernel/base/log.hpp"
#include "kernel/console/output.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/session.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor {
namespace {

constexpr std::string_view prompt = "gr> ";
constexpr Nanos piece_interval = 1'000'000;
constexpr usize piece_size = 512;  // longer than a line

constexpr char backspace = 0x08;
constexpr char rubout = 0x7f;
constexpr char ctrl_c = 0x03;
constexpr char ctrl_u = 0x15;

void say(std::string_view s) {
    console::raw(console::Speaker::monitor, s);
}

// Typed and not yet looked at. What does not fit is lost: nobody types ahead
// that far.
class Typed {
    std::array<char, 256> bytes_{};
    u32 begin_ = 0, end_ = 0;

  public:
    void put(char c) {
        if (end_ - begin_ < bytes_.size())
            bytes_[end_++ % bytes_.size()] = c;
    }
    [[nodiscard]] bool empty() const { return begin_ == end_; }
    char take() { return bytes_[begin_++ % bytes_.size()]; }
    void clear() { begin_ = end_; }
};

class Terminal {
    Typed typed_;
    std::array<char, longest_command> line_{};
    usize used_ = 0;
    Answer answer_;
    std::string_view unsaid_;  // of the answer
    Timer timer_;

    void say_next_piece() {
        // Whole lines, so that what others say falls between them.
        std::string_view const piece = unsaid_.substr(0, unsaid_.rfind('\n', piece_size) + 1);
        say(piece);
        unsaid_.remove_prefix(piece.size());
        if (unsaid_.empty())
            finish();
        else
            timers::arm(timer_, machine::now() + piece_interval);
    }

    void finish();

    void execute() {
        say("\n");
        start({line_.data(), used_});
        used_ = 0;
    }

    void erase(usize n) {
        for (; n > 0 && used_ > 0; --n, --used_)
            say("\b \b");
    }

    void append(char c) {
        if (used_ == line_.size())
            return;
        line_[used_++] = c;
        say({&c, 1});
    }

    void edit(char c) {
        if (c == '\r' || c == '\n')
            execute();
        else if (c == backspace || c == rubout)
            erase(1);
        else if (c == ctrl_u)
            erase(used_);
        else if (c >= ' ' && c <= '~')
            append(c);
    }

  public:
    static void timer_fired(Timer&, void*);

    // Whatever is still being said is cut off.
    void start(std::string_view command) {
        answer_ = run(command);
        unsaid_ = answer_.text();
        timer_.fn = timer_fired;
        say_next_piece();
    }

    void resume() {
        if (!unsaid_.empty())
            say_next_piece();
    }

    void greet() {
        if (unsaid_.empty())
            say(prompt);
    }

    void leave() { used_ = 0; }

    // Ctrl-c is heard at once; the rest waits its turn.
    void key(char c) {
        if (c != ctrl_c)
            return typed_.put(c);
        typed_.clear();
        used_ = 0;
        say("\n");
        finish();
    }

    void look_at_typed() {
        while (!typed_.empty() && unsaid_.empty())
            edit(typed_.take());
    }
};

constinit Locked<Terminal, Rank::monitor> terminal;

// Commands look at everything there is, so nothing may be half done.
constinit Deferred typing{[] { terminal.lock()->look_at_typed(); }};

void Terminal::finish() {
    unsaid_ = {};
    answer_ = {};
    if (console::focus() == console::Focus::monitor)
        say(prompt);
    if (!typed_.empty())
        typing.request();
}

void Terminal::timer_fired(Timer&, void*) {
    terminal.lock()->resume();
}

}  // namespace

void serial_input(char c) {
    terminal.lock()->key(c);
    typing.request();
}

void serial_focus(console::Focus now) {
    auto t = terminal.lock();
    now == console::Focus::monitor ? t->greet() : t->leave();
}

void debug_key(char key) {
    if (Command const* const c = find_key(key))
        terminal.lock()->start(c->name);
    else
        log("no debug key '{}': 'h' lists them", key >= ' ' && key <= '~' ? key : '?');
}

}  // namespace monitor
