// SPDX-License-Identifier: MIT
#include "kernel/monitor/programs.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "kernel/console/output.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/question.hpp"
#include "kernel/monitor/session.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor {
namespace {

constexpr usize longest_tag = 8;
constexpr usize most_waiting = 4;

class Question {
    std::array<char, longest_tag + 1 + longest_command> text_{};
    usize used_ = 0;
    bool too_long_ = false;

    [[nodiscard]] std::string_view text() const { return {text_.data(), used_}; }

  public:
    void put(char c) {
        if (used_ < text_.size())
            text_[used_++] = c;
        else
            too_long_ = true;
    }
    [[nodiscard]] bool too_long() const { return too_long_; }
    // Empty when this is no question: then nobody could tell the answer.
    [[nodiscard]] std::string_view tag() const {
        usize const space = text().find(' ');
        return space <= longest_tag ? text().substr(0, space) : std::string_view{};
    }
    [[nodiscard]] std::string_view command() const { return text().substr(tag().size() + 1); }
};

void say_lines(Question const& q, std::string_view lines) {
    while (!lines.empty()) {
        std::string_view const line = lines.substr(0, lines.find('\n'));
        console::aside({q.tag(), " ", line});
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    }
}

void say_end(Question const& q) {
    console::aside({q.tag()});
}

void refuse(Question const& q, std::string_view why) {
    std::array<char, 256> room;
    Report report{room, Arguments{q.command()}.json()};
    report.refuse("{}", why);
    say_lines(q, report.text());
    say_end(q);
}

// Takes questions and says their answers, one after the other.
class Desk {
    Question incoming_;
    std::array<Question, most_waiting> waiting_{};
    u32 begin_ = 0, end_ = 0;
    bool busy_ = false;  // a command runs, without our lock, or its answer is being said
    Question asked_;     // last, or being answered
    Answer answer_;
    std::string_view unsaid_;  // of the answer
    Timer timer_;

    void say_next_piece() {
        say_lines(asked_, take_piece(unsaid_));
        if (!unsaid_.empty())
            return timers::arm(timer_, machine::now() + piece_interval);
        say_end(asked_);
        answer_ = {};
        busy_ = false;
    }

    void arrived(Question const& q) {
        if (q.tag().empty())
            return;
        if (q.too_long())
            return refuse(q, "the question is too long");
        if (end_ - begin_ == most_waiting)
            return refuse(q, "other programs' questions wait already: ask again");
        waiting_[end_++ % most_waiting] = q;
    }

  public:
    static void timer_fired(Timer&, void*);

    void key(char c) {
        if (c == '\r')
            arrived(std::exchange(incoming_, {}));
        else
            incoming_.put(c);
    }

    // The next question to answer, and true; its answer goes to answered().
    bool take_question(Question& q) {
        if (busy_ || begin_ == end_)
            return false;
        q = asked_ = waiting_[begin_++ % most_waiting];
        return busy_ = true;
    }

    void answered(Answer a) {
        answer_ = std::move(a);
        unsaid_ = answer_.text();
        timer_.fn = timer_fired;
        say_next_piece();
    }
    void resume() { say_next_piece(); }
    [[nodiscard]] bool can_go_on() const { return !busy_ && begin_ != end_; }
};

constinit Locked<Desk, Rank::monitor> desk;

void ask_next();

// Says what is next of an answer, and when that was all, sees to the next one.
void go_on(auto say) {
    auto d = desk.lock();
    say(*d);
    if (d->can_go_on())
        ask_next();
}

void answered(Answer a) {
    go_on([&](Desk& d) { d.answered(std::move(a)); });
}

// Commands run without the lock: they may wait for all other CPUs, which take
// it in their interrupts.
void answer_questions() {
    for (Question q; desk.lock()->take_question(q);)
        questions::run_or_ask(questions::Asker::program, q.command(), answered);
}

// Commands look at everything there is, so nothing may be half done.
constinit Deferred asking{answer_questions};

void ask_next() {
    asking.request();
}

void Desk::timer_fired(Timer&, void*) {
    go_on([](Desk& d) { d.resume(); });
}

}  // namespace

void question_input(char c) {
    desk.lock()->key(c);
    if (c == '\r')
        asking.request();
}

}  // namespace monitor
