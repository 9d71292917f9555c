// SPDX-License-Identifier: MIT
#include "kernel/monitor/question.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "kernel/domain/events.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/slices.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor::questions {
namespace {

class Question {
    enum class State : u8 { none, asked, fetched };

    State state_ = State::none;
    u32 number_ = 0;
    std::array<char, longest_command> text_{};
    usize length_ = 0;
    mm::HeapArray<char> memory_;
    usize used_ = 0;  // of memory_
    Nanos asked_at_ = 0;
    Deliver deliver_ = nullptr;
    Timer timer_;

    [[nodiscard]] std::string_view text() const { return {text_.data(), length_}; }
    void be_patient();

  public:
    // What is to be done once the lock is free.
    struct Delivery {
        Deliver to = nullptr;
        Answer answer;
        void make() && {
            if (to != nullptr)
                to(std::move(answer));
        }
    };

    void ask(u32 number, std::string_view text, mm::HeapArray<char> memory, Deliver deliver) {
        length_ = text.copy(text_.data(), text_.size());
        memory_ = std::move(memory);
        used_ = 0;
        asked_at_ = machine::now();
        deliver_ = deliver;
        state_ = State::asked;
        number_ = number;
        be_patient();
    }

    [[nodiscard]] bool waits_to_be_fetched() const { return state_ == State::asked; }
    [[nodiscard]] bool waits_for_answer(u32 number) const {
        return state_ == State::fetched && number == number_;
    }

    Fetched fetch(std::span<char> into) {
        state_ = State::fetched;
        be_patient();
        return Fetched{number_, {into.data(), text().copy(into.data(), into.size())}};
    }

    Result<> add(GuestPtr<char const> from, usize length) {
        if (length > memory_.size() - used_)
            return Fail{Errno::toobig};
        TRY_VOID(from.fetch_into(memory_.span().data() + used_, length));
        used_ += length;
        be_patient();
        return {};
    }

    // The end, in whatever way; the memory goes with the answer.
    Delivery finish() {
        if (state_ == State::none)
            return {};
        state_ = State::none;
        std::string_view const said{memory_.span().data(), used_};
        return {std::exchange(deliver_, nullptr), Answer{std::move(memory_), said}};
    }

    // A refusal in place of what has been said so far.
    template <class... A>
    Delivery refuse(text::Format<std::type_identity_t<A>...> why, A const&... a) {
        Arguments const args{text()};
        Report report{memory_.span(), args.json()};
        report.begin(text());
        report.refuse(why, a...);
        report.end(asked_at_, machine::now() - asked_at_);
        used_ = report.text().size();
        return finish();
    }

    Delivery time_is_up() {
        constexpr u64 seconds = patience / 1'000'000'000;
        if (state_ == State::none || machine::now() < timer_.deadline)
            return {};
        return state_ == State::asked
                   ? refuse("the driver domain does not look at questions, not for {} seconds", seconds)
                   : refuse("the driver domain looked at the question and then said nothing for {} seconds",
                            seconds);
    }
};

struct Questions {
    std::array<Question, askers> of;
    u32 last_number = 0;

    Question& by(Asker asker) { return of[static_cast<usize>(asker)]; }
};

// Asked and answered without the lock of who asks, which has the same rank.
constinit Locked<Questions, Rank::monitor> questions;

void timer_fired(Timer&, void* question) {
    Question::Delivery delivery;
    {
        auto const q = questions.lock();
        delivery = static_cast<Question*>(question)->time_is_up();
    }
    std::move(delivery).make();
}

void Question::be_patient() {
    timer_.fn = timer_fired;
    timer_.context = this;
    timers::arm(timer_, machine::now() + patience);
}

}  // namespace

void ask(Asker asker, std::string_view command_line, Deliver deliver) {
    auto memory = mm::HeapArray<char>::make(longest_answer);
    if (!memory)
        return deliver(no_memory());
    {
        auto q = questions.lock();
        q->by(asker).ask(++q->last_number, command_line, std::move(*memory), deliver);
    }
    if (evtchn::raise_global_virq(VIRQ_ARCH_0))
        return;
    auto delivery =
        questions.lock()->by(asker).refuse("no driver domain listens: it answers '{}'", command_line);
    std::move(delivery).make();
}

void withdraw(Asker asker) {
    slices::withdraw(asker);
    auto delivery = questions.lock()->by(asker).finish();
    std::move(delivery).make();
}

void run_or_ask(Asker asker, std::string_view command_line, Deliver deliver) {
    Command const* const command = find_command(Arguments{command_line}.command());
    if (command && !command->run)
        ask(asker, command_line, deliver);
    else
        slices::begin(asker, command_line, deliver);
}

std::optional<Fetched> fetch(std::span<char> into) {
    auto q = questions.lock();
    auto const next = std::ranges::find_if(q->of, &Question::waits_to_be_fetched);
    return next == q->of.end() ? std::nullopt : std::optional{next->fetch(into)};
}

Result<> answer(u32 number, GuestPtr<char const> text, usize length, bool last) {
    Question::Delivery delivery;
    {
        auto q = questions.lock();
        auto const asked =
            std::ranges::find_if(q->of, [&](Question const& one) { return one.waits_for_answer(number); });
        if (asked == q->of.end())
            return Fail{Errno::noent};
        TRY_VOID(asked->add(text, length));
        if (last)
            delivery = asked->finish();
    }
    std::move(delivery).make();
    return {};
}

}  // namespace monitor::questions
