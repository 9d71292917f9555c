// SPDX-License-Identifier: MIT
#include "kernel/monitor/serial.hpp"

#include <algorithm>
#include <array>
#include <utility>

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
// For programs; a terminal shows nothing of them.
constexpr std::string_view start_of_answer = "\x02";
constexpr std::string_view end_of_answer = "\x03";
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

struct CommandLine {
    std::array<char, longest_command> text{};
    usize length = 0;
};

class Terminal {
    Typed typed_;
    std::array<char, longest_command> line_{};
    usize used_ = 0;
    bool running_ = false;  // a command, without our lock
    bool dropped_ = false;  // nobody waits for its answer any more
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

    // True when the line is whole.
    bool edit(char c) {
        if (c == '\r' || c == '\n')
            return true;
        if (c == backspace || c == rubout)
            erase(1);
        else if (c == ctrl_u)
            erase(used_);
        else if (c >= ' ' && c <= '~')
            append(c);
        return false;
    }

  public:
    static void timer_fired(Timer&, void*);

    // Whatever is still being said is cut off.
    void begin_answer(Answer a) {
        answer_ = std::move(a);
        unsaid_ = answer_.text();
        timer_.fn = timer_fired;
        say(start_of_answer);
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
        dropped_ = running_;
        say("\n");
        finish();
    }

    // The next command to run, and true; its answer goes to end_command().
    bool take_command(CommandLine& line) {
        while (!running_ && !typed_.empty() && unsaid_.empty()) {
            if (!edit(typed_.take()))
                continue;
            say("\n");
            line.length = std::exchange(used_, 0);
            std::copy_n(line_.begin(), line.length, line.text.begin());
            return running_ = true;
        }
        return false;
    }
    void end_command(Answer a) {
        running_ = false;
        if (!std::exchange(dropped_, false))
            begin_answer(std::move(a));
    }
};

constinit Locked<Terminal, Rank::monitor> terminal;

// Commands run without the lock: they may wait for all other CPUs, which take
// it in their interrupts.
void run_typed() {
    for (CommandLine line; terminal.lock()->take_command(line);) {
        Answer answer = run({line.text.data(), line.length});
        terminal.lock()->end_command(std::move(answer));
    }
}

// Commands look at everything there is, so nothing may be half done.
constinit Deferred typing{run_typed};

void Terminal::finish() {
    unsaid_ = {};
    answer_ = {};
    if (console::focus() == console::Focus::monitor) {
        say(end_of_answer);
        say(prompt);
    }
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
    if (Command const* const c = find_key(key)) {
        Answer answer = run(c->name);
        terminal.lock()->begin_answer(std::move(answer));
    } else {
        log("no debug key '{}': 'h' lists them", key >= ' ' && key <= '~' ? key : '?');
    }
}

}  // namespace monitor
