// SPDX-License-Identifier: MIT
// kernel/sched/core: who pays for what. All that passes while somebody waits is charged, once, and the time
// of an interrupt to whom it is for. Here each look at the clock takes time, so the scheduler's own work
// does.
#include "kernel/sched/core.hpp"

#include <rapidcheck/catch.h>

#include "tests/unit/kernel/sched/toys.hpp"

namespace {

using namespace toys;

constexpr Nanos us = 1000;

// Wakes a vcpu, who pays for that.
class Alarm {
    Timer timer_;

    static void ring(Timer&, void* context) {
        auto& v = *static_cast<Vcpu*>(context);
        sched::wake(v);
        sched::pay_for_interrupt(v);
    }

  public:
    explicit Alarm(Guest const& g, usize n = 0) : timer_{.fn = ring, .context = &g.v(n)} {}
    Alarm(Alarm const&) = delete;
    ~Alarm() { timers::cancel(timer_); }
    void set(Nanos in) { timers::arm(timer_, host::cpu().now + in); }
};

// Whoever runs on CPU 0 computes for so long; what is due then happens.
void compute(Machine& m, Nanos span) {
    host::cpu().now += span;
    if (host::cpu().timer_fires())
        sched::timer_interrupt();
    m.reschedule();
}

void sleep(Machine& m, Guest const& g, Alarm& until, Nanos span) {
    REQUIRE(m.on(0) == &g.v());
    sched::block(g.v());
    until.set(span);
    m.reschedule();
}

// Up to here the time of CPU 0 is charged to somebody.
Nanos charged_at(Machine const& m) {
    return m.on(0)->sched.charged_at;
}

template <class... Guests>
s64 spent(Guests const&... guests) {
    return (guests.v().sched.spent + ...);
}

// On CPU 0, best first.
std::vector<Vcpu const*> waiting() {
    std::vector<Vcpu const*> all;
    auto const note = [](Vcpu const& v, bool running, void* list) {
        if (!running)
            static_cast<std::vector<Vcpu const*>*>(list)->push_back(&v);
    };
    sched::for_each_runnable(CpuId{0}, note, &all);
    return all;
}

// Lets others run until it is this one's turn.
void turn_of(Machine& m, Guest const& g) {
    for (int tries = 0; m.on(0) != &g.v(); ++tries) {
        REQUIRE(tries < 10);
        sched::yield(*m.on(0));
        m.reschedule();
    }
}

}  // namespace

TEST_CASE("SC-3 all that passes while somebody waits is charged to somebody, once") {
    rc::prop("two that compute and two that sleep for instants", [] {
        Machine m;
        Guest const busy{m}, also_busy{m}, first{m}, second{m};
        Alarm first_alarm{first}, second_alarm{second};
        m.reschedule();
        host::cpu().look_at_clock = *rc::gen::inRange<Nanos>(1, us);
        auto const all_spent = [&] { return spent(busy, also_busy, first, second); };
        // Short enough that nobody saves up more than a sleeper may keep.
        Nanos const from = charged_at(m);
        s64 const before = all_spent();
        for (int step = *rc::gen::inRange(0, 100); step > 0; --step) {
            Nanos const span = *rc::gen::inRange<Nanos>(0, 20 * us);
            if (m.on(0) == &first.v())
                sleep(m, first, first_alarm, span);
            else if (m.on(0) == &second.v() && step % 2 == 0)
                sleep(m, second, second_alarm, span);
            else if (step % 3 == 0)
                second_alarm.set(span);  // which finds it awake, as a rule
            compute(m, *rc::gen::inRange<Nanos>(0, 30 * us));
            RC_ASSERT(all_spent() - before == charged_at(m) - from);
        }
    });
}

TEST_CASE("SC-3 who runs does not pay for another's timer") {
    Machine m;
    Guest const sleeper{m}, busy{m}, waiting{m};
    Alarm alarm{sleeper};
    m.reschedule();
    turn_of(m, sleeper);
    sleep(m, sleeper, alarm, 100 * us);
    Vcpu& interrupted = *m.on(0);
    s64 const before = interrupted.sched.spent, sleeper_before = spent(sleeper);
    Nanos const from = charged_at(m);
    host::cpu().now += 100 * us;
    REQUIRE(host::cpu().timer_fires());
    host::cpu().look_at_clock = 1 * us;
    Nanos const interrupt = host::cpu().now;
    sched::timer_interrupt();
    Nanos const rest = 1 * us;  // one look, when all have paid
    CHECK(interrupted.sched.spent - before == interrupt + 1 * us - from + rest);
    CHECK(spent(sleeper) - sleeper_before == host::cpu().now - interrupt - 1 * us - rest);
    CHECK(m.reschedule() == &sleeper.v());
}

TEST_CASE("SC-3 who sleeps pays although the timer was on another CPU") {
    Machine m{2};
    Guest const busy{m, {.affinity = 1}}, waiting{m, {.affinity = 1}};
    Guest const sleeper{m, {.affinity = 2}}, elsewhere{m, {.affinity = 2}}, waits_there{m, {.affinity = 2}};
    Alarm alarm{sleeper};
    m.settle();
    while (m.on(1) != &sleeper.v()) {
        sched::yield(*m.on(1));
        m.reschedule(1);
    }
    m.sleep(sleeper.v());
    m.reschedule(0);
    alarm.set(10 * us);
    host::cpu().look_at_clock = 1 * us;
    Nanos const from = charged_at(m);
    s64 const before = spent(busy, waiting, sleeper), sleeper_before = spent(sleeper);
    compute(m, 20 * us);
    CHECK(spent(busy, waiting, sleeper) - before == charged_at(m) - from);
    CHECK(spent(sleeper) > sleeper_before);
    CHECK_FALSE(sleeper.v().sched.blocked.load());
}

TEST_CASE("who has the CPU alone does not pay for its own timers either") {
    Machine m;
    Guest const only{m};
    Alarm alarm{only};
    m.reschedule();
    host::cpu().look_at_clock = 1 * us;
    s64 const before = spent(only);
    alarm.set(10 * us);
    compute(m, 20 * us);
    CHECK(spent(only) == before);
}

TEST_CASE("an interrupt uses up the cap of whom it is for, and not that of who runs") {
    Machine m;
    Guest const sleeper{m, {.cap = 50}}, busy{m, {.cap = 50}};
    Guest const waiting{m};
    Alarm alarm{sleeper};
    m.reschedule();
    turn_of(m, sleeper);
    sleep(m, sleeper, alarm, 100 * us);
    turn_of(m, busy);
    sched::Unit const &interrupted = busy.v().sched, &woken = sleeper.v().sched;
    Nanos const left = interrupted.reserved, left_of_sleeper = woken.reserved;
    s64 const before = interrupted.spent, sleeper_before = woken.spent;
    host::cpu().now += 100 * us;
    REQUIRE(host::cpu().timer_fires());
    host::cpu().look_at_clock = 1 * us;
    sched::timer_interrupt();
    CHECK(left - interrupted.reserved == interrupted.spent - before);
    CHECK(left_of_sleeper - woken.reserved == woken.spent - sleeper_before);
    CHECK(woken.spent > sleeper_before);
}

TEST_CASE("who pays while it waits goes behind those who spent less") {
    Machine m;
    Guest const a{m}, b{m}, c{m};
    m.reschedule();
    auto const before = waiting();
    REQUIRE(before.size() == 2);
    Guest const& best = before.front() == &a.v() ? a : before.front() == &b.v() ? b : c;
    Alarm alarm{best};
    alarm.set(10 * us);
    host::cpu().look_at_clock = 1 * us;
    host::cpu().now += 20 * us;
    REQUIRE(host::cpu().timer_fires());
    sched::timer_interrupt();
    CHECK(waiting() == std::vector{before.back(), before.front()});
}

TEST_CASE("who has just begun to run goes on for a moment before it is preempted") {
    Machine m;
    Guest const sleeper{m}, busy{m}, also_busy{m};
    Alarm alarm{sleeper};
    m.reschedule();
    turn_of(m, sleeper);
    sleep(m, sleeper, alarm, sched::least_run / 2);
    Vcpu* const begun = m.on(0);
    REQUIRE(begun != &sleeper.v());
    m.run(sched::least_run - 1);
    CHECK_FALSE(sleeper.v().sched.blocked.load());
    CHECK(m.on(0) == begun);
    m.run(2);
    CHECK(m.on(0) == &sleeper.v());
}

TEST_CASE("SC-3 who computes runs for a moment at least, however often others wake up") {
    rc::prop("four that sleep for instants", [] {
        Machine m;
        Guest const busy{m}, sleepers{m, {.vcpus = 4}};
        std::vector<std::unique_ptr<Alarm>> alarms;
        for (usize n = 0; n < sleepers.size(); ++n)
            alarms.push_back(std::make_unique<Alarm>(sleepers, n));
        m.reschedule();
        host::cpu().look_at_clock = *rc::gen::inRange<Nanos>(1, us);
        Nanos const end = host::cpu().now + 20 * ms;
        Nanos ran = 0;
        int left = 0;
        while (host::cpu().now < end) {
            if (busy.v().left != left) {  // each time it had run for so long
                RC_ASSERT(busy.ran() - ran >= sched::least_run);
                ran = busy.ran();
                left = busy.v().left;
            }
            if (m.on(0) != &busy.v())
                for (usize n = 0; n < sleepers.size(); ++n)
                    if (m.on(0) == &sleepers.v(n)) {
                        sched::block(sleepers.v(n));
                        alarms[n]->set(*rc::gen::inRange<Nanos>(10 * us, 100 * us));
                        m.reschedule();
                        break;
                    }
            compute(m, us);
        }
        RC_ASSERT(left > 20);
    });
}

TEST_CASE("SC-3 who is charged after it woke up does not make the others richer") {
    Machine m;
    Guest const one{m}, other{m}, busy{m};
    Alarm alarm_of_one{one}, alarm_of_other{other};
    m.reschedule();
    for (auto const& [sleeper, alarm] :
         {std::pair{&one, &alarm_of_one}, std::pair{&other, &alarm_of_other}}) {
        turn_of(m, *sleeper);
        sleep(m, *sleeper, *alarm, 100 * us);
        // So that it is preferred for one that has little.
        sleeper->v().sched.spent += sched::credit(sleeper->v()) - 1;
    }
    s64 const before = sched::credit(busy.v());
    host::cpu().look_at_clock = 1 * us;
    compute(m, 100 * us);
    for (Guest const* const sleeper : {&one, &other}) {
        CHECK(sleeper->v().sched.boost > 0);
        CHECK(sched::credit(sleeper->v()) < 0);
    }
    CHECK(sched::credit(busy.v()) <= before);
}
