// SPDX-License-Identifier: MIT
#include "kernel/monitor/serial.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "kernel/base/log.hpp"
#include "kernel/console/editor/line_editor.hpp"
#include "kernel/console/output.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/completion.hpp"
#include "kernel/monitor/pager.hpp"
#include "kernel/monitor/question.hpp"
#include "kernel/monitor/session.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor {
namespace {

constexpr std::string_view prompt = "gr> ";
constexpr std::string_view clear_line = "\r\x1b[K";
// How long a page waits to be turned. Until then its answer holds memory.
constexpr Nanos page_patience = 60'000'000'000;
constexpr char ctrl_c = 0x03;

void say(std::string_view s) {
    console::raw(console::Speaker::monitor, s);
}

// Typed, or debug keys, and not yet looked at. What does not fit is lost: nobody
// types ahead that far.
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
    Typed debug_keys_;
    editor::KeyDecoder keys_;
    editor::LineEditor line_{prompt, longest_command, say, complete};
    Pager pager_;
    bool running_ = false;       // a command, without our lock
    bool dropped_ = false;       // nobody waits for its answer any more
    bool page_is_full_ = false;  // somebody is to turn it
    Answer answer_;
    std::string_view unsaid_;  // of the answer
    Timer timer_;

    void say_next_piece() {
        say(pager_.take(unsaid_));
        if (unsaid_.empty())
            return finish();
        if (pager_.page_is_full())
            return wait_for_page();
        timers::arm(timer_, machine::now() + piece_interval);
    }

    void look_at_input();
    void wait_for_page();

    void turn_page(editor::Press const& p) {
        bool const end = p.key == editor::Key::text && (p.text == 'q' || p.text == 'Q');
        bool const page = p.key == editor::Key::text && p.text == ' ';
        if (!end && !page && p.key != editor::Key::enter)
            return;
        say(clear_line);
        page_is_full_ = false;
        if (end)
            return finish();
        page ? pager_.next_page() : pager_.next_line();
        say_next_piece();
    }

    void begin_answer(Answer a, bool to_typed_command) {
        answer_ = std::move(a);
        unsaid_ = answer_.text();
        pager_.begin(to_typed_command);
        timer_.fn = timer_fired;
        say_next_piece();
    }

    void finish();

  public:
    static void timer_fired(Timer&, void*);

    void resume() {
        if (unsaid_.empty() || machine::now() < timer_.deadline)
            return;
        if (!page_is_full_)
            return say_next_piece();
        say(clear_line);
        say("nobody turned the page: the rest of the answer is dropped\n");
        finish();
    }

    // Who comes is asked anew how large the screen is.
    void greet() {
        pager_.set_screen({});
        say(editor::ask_screen_size);
        if (unsaid_.empty())
            line_.redraw();
    }

    void leave() {
        line_.clear();
        if (page_is_full_)
            finish();
    }

    // Ctrl-c is heard at once; the rest waits its turn.
    void key(char c) {
        if (c != ctrl_c)
            return typed_.put(c);
        typed_.clear();
        keys_ = {};
        line_.clear();
        dropped_ = running_;
        say("\n");
        finish();
    }

    // The next command to run, and true; its answer goes to end_command().
    bool take_command(CommandLine& line) {
        while (!running_ && !typed_.empty() && (unsaid_.empty() || page_is_full_)) {
            editor::Press const p = keys_.take(typed_.take());
            if (p.key == editor::Key::screen_size)
                pager_.set_screen(p.screen);
            else if (page_is_full_)
                turn_page(p);
            else if (auto const whole = line_.press(p)) {
                line.length = whole->copy(line.text.data(), line.text.size());
                return running_ = true;
            }
        }
        return false;
    }
    void debug_key(char key) { debug_keys_.put(key); }
    // Likewise for a debug key; its answer comes without a stop.
    std::optional<char> take_debug_key() {
        if (running_ || debug_keys_.empty() || !unsaid_.empty())
            return std::nullopt;
        running_ = true;
        return debug_keys_.take();
    }
    void end_command(Answer a, bool typed) {
        running_ = false;
        if (!std::exchange(dropped_, false))
            begin_answer(std::move(a), typed);
        else
            look_at_input();
    }
};

constinit Locked<Terminal, Rank::monitor> terminal;

void answered(Answer answer) {
    terminal.lock()->end_command(std::move(answer), true);
}

void key_answered(Answer answer) {
    terminal.lock()->end_command(std::move(answer), false);
}

// Commands run without the lock: they may wait for all other CPUs, which take
// it in their interrupts.
void run_typed() {
    using questions::Asker;
    while (auto const key = terminal.lock()->take_debug_key())
        questions::run_or_ask(Asker::terminal, line_of_key(*key), key_answered);
    for (CommandLine line; terminal.lock()->take_command(line);)
        questions::run_or_ask(Asker::terminal, {line.text.data(), line.length}, answered);
}

// Commands look at everything there is, so nothing may be half done.
constinit Deferred typing{run_typed};

void Terminal::look_at_input() {
    if (!typed_.empty() || !debug_keys_.empty())
        typing.request();
}

void Terminal::wait_for_page() {
    page_is_full_ = true;
    say("--more-- (space: page, enter: line, q: end)");
    timers::arm(timer_, machine::now() + page_patience);
    look_at_input();
}

void Terminal::finish() {
    unsaid_ = {};
    answer_ = {};
    page_is_full_ = false;
    if (console::focus() == console::Focus::monitor)
        line_.redraw();
    look_at_input();
}

void Terminal::timer_fired(Timer&, void*) {
    terminal.lock()->resume();
}

}  // namespace

void serial_input(char c) {
    terminal.lock()->key(c);
    if (c == ctrl_c)
        questions::withdraw(questions::Asker::terminal);
    typing.request();
}

void serial_focus(console::Focus now) {
    auto t = terminal.lock();
    now == console::Focus::monitor ? t->greet() : t->leave();
}

void debug_key(char key) {
    if (line_of_key(key).empty())
        return log("no debug key '{}': 'h' lists them", key >= ' ' && key <= '~' ? key : '?');
    terminal.lock()->debug_key(key);
    typing.request();
}

}  // namespace monitor
