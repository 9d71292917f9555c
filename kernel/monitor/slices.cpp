// SPDX-License-Identifier: MIT
#include "kernel/monitor/slices.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "kernel/machine/cpu.hpp"
#include "kernel/monitor/job.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/assert.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor::slices {
namespace {

using questions::Asker;
using questions::Deliver;

// Guests run in between, for so many times as long as the slice took.
constexpr Nanos pause_for_slice = 2;
constexpr Nanos shortest_pause = 10'000;

struct Place {
    enum class State : u8 { empty, waiting, worked_on };

    State state = State::empty;
    bool wanted = false;
    Deliver deliver = nullptr;
};

struct Places {
    std::array<Place, questions::askers> of{};
    usize last = 0;                // who had a slice
    Nanos pause = shortest_pause;  // after that
    Timer timer;

    void go_on_later();
};
constinit Locked<Places, Rank::monitor> places;

// Without the lock: a job belongs to the CPU that works on it.
constinit std::array<std::optional<Job>, questions::askers> jobs;

void work_on_next();
// A command looks at everything there is, so nothing may be half done.
constinit Deferred working{work_on_next};

void Places::go_on_later() {
    if (std::ranges::find(of, Place::State::waiting, &Place::state) == of.end())
        return;
    timer.fn = [](Timer&, void*) { working.request(); };
    timers::arm(timer, machine::now() + pause);
}

void deliver_answer_of(usize n) {
    Answer answer = jobs[n]->finish();
    jobs[n].reset();
    Deliver deliver = nullptr;
    {
        auto const p = places.lock();
        deliver = p->of[n].deliver;
        p->of[n] = {};
        p->go_on_later();
    }
    deliver(std::move(answer));
}

// True: it waits for its next slice.
bool puts_back(usize n) {
    auto const p = places.lock();
    if (!p->of[n].wanted)
        return false;
    p->of[n].state = Place::State::waiting;
    p->go_on_later();
    return true;
}

// True: it wants more of them.
bool gives_slice(usize n) {
    Nanos const began = machine::now();
    bool const more = jobs[n]->step();
    Nanos const pause = pause_for_slice * (machine::now() - began);
    places.lock()->pause = std::max(pause, shortest_pause);
    return more;
}

void work_on(usize n) {
    if (!gives_slice(n) || !puts_back(n))
        deliver_answer_of(n);
}

// In turn; none: nobody waits.
std::optional<usize> take_next() {
    auto const p = places.lock();
    for (usize i = 1; i <= questions::askers; ++i) {
        usize const n = (p->last + i) % questions::askers;
        if (p->of[n].state != Place::State::waiting)
            continue;
        p->of[n].state = Place::State::worked_on;
        p->last = n;
        return n;
    }
    return std::nullopt;
}

void work_on_next() {
    if (auto const n = take_next())
        work_on(*n);
}

}  // namespace

void begin(Asker asker, std::string_view command_line, Deliver deliver) {
    auto memory = mm::HeapArray<char>::make(longest_answer);
    if (!memory)
        return deliver(no_memory());
    auto const n = static_cast<usize>(asker);
    {
        auto const p = places.lock();
        ASSERT(p->of[n].state == Place::State::empty);
        p->of[n] = {.state = Place::State::worked_on, .wanted = true, .deliver = deliver};
    }
    jobs[n].emplace(command_line, std::move(*memory));
    work_on(n);
}

void withdraw(Asker asker) {
    auto const n = static_cast<usize>(asker);
    {
        auto const p = places.lock();
        p->of[n].wanted = false;
        if (p->of[n].state != Place::State::waiting)
            return;
        p->of[n].state = Place::State::worked_on;
    }
    deliver_answer_of(n);
}

}  // namespace monitor::slices
