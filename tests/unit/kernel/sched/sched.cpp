// SPDX-License-Identifier: MIT
// kernel/sched: shares follow weights, whatever guests do to get more, and a
// vcpu that is woken runs. The vcpus here are toys; time is turned by hand.
#include "kernel/sched/sched.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "kernel/sched/core.hpp"
#include "kernel/sched/hooks.hpp"
#include "tests/host/cpu.hpp"

struct Vcpu {
    sched::Unit sched;
    bool domain_runs = true;
    int entered = 0, left = 0;
};

namespace sched::hooks {

Unit& unit_of(Vcpu& v) {
    return v.sched;
}
bool may_run(Vcpu const& v) {
    return v.domain_runs;
}
void entered_cpu(Vcpu& v) {
    ++v.entered;
}
void left_cpu(Vcpu& v) {
    ++v.left;
}

}  // namespace sched::hooks

namespace {

constexpr Nanos ms = 1'000'000;

// Each CPU of the machine, as the entry code drives it.
class Machine {
    std::array<Vcpu*, 2> current_{};

  public:
    explicit Machine(unsigned cpus = 1) {
        host::reset_cpu();
        host::cpu().online = cpus;
        for (u32 c = 0; c < cpus; ++c)
            sched::init_cpu(CpuId{c});
    }
    ~Machine() {
        for (auto* const v : current_)
            if (v)
                sched::context_saved(*v);
    }
    Vcpu* reschedule(u32 cpu = 0) {
        host::cpu().id = CpuId{cpu};
        host::cpu().current = current_[cpu];
        while (sched::resched_due()) {
            Vcpu* const next = sched::pick();
            Vcpu* const before = std::exchange(current_[cpu], next);
            if (before && before != next)
                sched::context_saved(*before);
        }
        host::cpu().current = current_[cpu];
        return current_[cpu];
    }
    // Lets time pass; the timer interrupt comes when it is due.
    void run(Nanos span) {
        Nanos const end = host::cpu().now + span;
        reschedule();
        while (host::cpu().timer < end) {
            host::cpu().now = std::max(host::cpu().now, host::cpu().timer);
            REQUIRE(host::cpu().timer_fires());
            sched::timer_interrupt();
            reschedule();
        }
        host::cpu().now = end;
        sched::set_resched_due();
        reschedule();
    }
    [[nodiscard]] Vcpu* on(u32 cpu) const { return current_[cpu]; }
};

// A vcpu that is up; it leaves the scheduler at the end of the test.
struct Guest {
    Machine& machine;
    Vcpu v;
    explicit Guest(Machine& m, u32 weight = 256, u32 cap = 0) : machine{m} {
        sched::add(v);
        sched::set_weight(v, weight, cap);
        sched::bring_up(v);
    }
    Guest(Guest const&) = delete;
    ~Guest() {
        sched::take_down(v);
        for (u32 c = 0; c < host::cpu().online; ++c)
            machine.reschedule(c);
        host::cpu().current = nullptr;
        sched::remove(v);
    }
    Nanos ran() {
        auto const t = sched::times(v);
        Nanos const now_running = t.state == sched::State::running ? host::cpu().now - t.entered : 0;
        return t.total[0] + now_running;
    }
};

void sleep(Machine& m, Guest& g) {
    REQUIRE(m.on(0) == &g.v);
    sched::block(g.v);
    m.reschedule();
}

bool within_percent(Nanos value, Nanos wanted, Nanos percent) {
    return value * 100 >= wanted * (100 - percent) && value * 100 <= wanted * (100 + percent);
}

}  // namespace

TEST_CASE("a CPU with nobody to run idles without a timer") {
    Machine m;
    CHECK(m.reschedule() == nullptr);
    CHECK(host::cpu().timer == machine::timer_off);
}

TEST_CASE("a vcpu alone on its CPU is not interrupted") {
    Machine m;
    Guest g{m};
    CHECK(m.reschedule() == &g.v);
    CHECK(host::cpu().timer == machine::timer_off);
    CHECK(g.v.entered == 1);
}

TEST_CASE("weights 256 and 512 share one CPU as 1 to 2") {
    Machine m;
    Guest light{m, 256}, heavy{m, 512};
    m.run(3000 * ms);
    CHECK(within_percent(light.ran(), 1000 * ms, 5));
    CHECK(within_percent(heavy.ran(), 2000 * ms, 5));
}

TEST_CASE("shares follow weights for any weights") {
    rc::prop("2 to 6 spinning vcpus", [] {
        Machine m;
        std::vector<std::unique_ptr<Guest>> guests;
        Nanos total_weight = 0;
        for (auto const w : *rc::gen::resize(6, rc::gen::nonEmpty(rc::gen::container<std::vector<u32>>(
                                                    rc::gen::inRange<u32>(64, 2048))))) {
            guests.push_back(std::make_unique<Guest>(m, w));
            total_weight += w;
        }
        Nanos const span = 20'000 * ms;
        m.run(span);
        for (auto const& g : guests)
            RC_ASSERT(within_percent(g->ran(), span * g->v.sched.weight / total_weight, 10));
    });
}

TEST_CASE("SC-3 dodging the end of every slice gains nothing") {
    Machine m;
    Guest dodger{m}, spinner{m};
    m.reschedule();
    Nanos const span = 4000 * ms;
    while (host::cpu().now < span) {
        if (m.on(0) == &dodger.v) {
            m.run(ms * 9 / 10);
            if (m.on(0) != &dodger.v)
                continue;
            sleep(m, dodger);
            sched::wake(dodger.v);
            m.reschedule();
        } else {
            m.run(ms / 10);
        }
    }
    CHECK(within_percent(dodger.ran(), span / 2, 5));
    CHECK(within_percent(spinner.ran(), span / 2, 5));
}

TEST_CASE("SC-3 yielding all the time neither gains nor starves") {
    Machine m;
    Guest polite{m}, spinner{m};
    m.reschedule();
    while (host::cpu().now < 2000 * ms) {
        m.run(ms * 7 / 10);
        if (m.on(0) == &polite.v)
            sched::yield(polite.v);
        m.reschedule();
    }
    CHECK(polite.ran() > 100 * ms);
    CHECK(spinner.ran() >= 950 * ms);
}

TEST_CASE("a yielding vcpu lets the other one run at once") {
    Machine m;
    Guest a{m}, b{m};
    Vcpu* const first = m.reschedule();
    sched::yield(*first);
    CHECK(m.reschedule() != first);
}

TEST_CASE("a vcpu that wakes up preempts one that computes") {
    Machine m;
    Guest io{m};
    m.reschedule();
    sleep(m, io);
    Guest hog{m};
    m.run(100 * ms);
    CHECK(m.on(0) == &hog.v);
    sched::wake(io.v);
    CHECK(m.reschedule() == &io.v);
    m.run(50 * ms);
    CHECK(hog.ran() > 100 * ms);
}

TEST_CASE("sleeping long does not save up more than a slice") {
    Machine m;
    Guest sleeper{m};
    m.reschedule();
    sleep(m, sleeper);
    Guest hog{m};
    m.run(10'000 * ms);
    sched::wake(sleeper.v);
    m.run(100 * ms);
    CHECK(sleeper.ran() <= 65 * ms);
    CHECK(sleeper.ran() >= 45 * ms);
}

TEST_CASE("whoever had the CPU to itself is not punished for it") {
    Machine m;
    Guest hog{m};
    m.run(10'000 * ms);
    Guest late{m};
    Nanos const before = hog.ran();
    m.run(100 * ms);
    CHECK(within_percent(hog.ran() - before, 50 * ms, 15));
}

TEST_CASE("a wake-up between the decision to sleep and the switch is not lost") {
    Machine m;
    Guest g{m};
    m.reschedule();
    sched::block(g.v);
    sched::wake(g.v);
    CHECK(m.reschedule() == &g.v);
}

TEST_CASE("waking a vcpu that does not sleep changes nothing") {
    Machine m;
    Guest a{m}, b{m};
    Vcpu* const first = m.reschedule();
    sched::wake(a.v);
    sched::wake(b.v);
    CHECK(m.reschedule() == first);
}

TEST_CASE("a cap holds even when nobody else wants the CPU") {
    Machine m;
    Guest capped{m, 256, 25};
    m.run(4000 * ms);
    CHECK(within_percent(capped.ran(), 1000 * ms, 5));
}

TEST_CASE("SC-4 a paused domain's vcpu runs only after the pause") {
    Machine m;
    Guest g{m};
    m.reschedule();
    g.v.domain_runs = false;
    sched::refresh(g.v);
    CHECK(m.reschedule() == nullptr);
    CHECK(sched::times(g.v).state == sched::State::offline);
    sched::wake(g.v);
    CHECK(m.reschedule() == nullptr);
    g.v.domain_runs = true;
    sched::refresh(g.v);
    CHECK(m.reschedule() == &g.v);
}

TEST_CASE("the books of a vcpu add up to the time that passed") {
    rc::prop("random sleeping, waking, pausing and waiting", [] {
        Machine m;
        Guest a{m}, b{m};
        std::array<Guest*, 2> const guests{&a, &b};
        for (int step = *rc::gen::inRange(0, 200); step > 0; --step) {
            Guest& g = *guests[*rc::gen::inRange<usize>(0, 2)];
            switch (*rc::gen::inRange(0, 5)) {
                case 0:
                    if (m.on(0) == &g.v)
                        sched::block(g.v);
                    break;
                case 1:
                    sched::wake(g.v);
                    break;
                case 2:
                    g.v.domain_runs = !g.v.domain_runs;
                    sched::refresh(g.v);
                    break;
                default:
                    m.run(*rc::gen::inRange<Nanos>(0, 20 * ms));
            }
            m.reschedule();
            Vcpu* const running = m.on(0);
            for (Guest* const each : guests) {
                auto const t = sched::times(each->v);
                Nanos sum = host::cpu().now - t.entered;
                for (Nanos const n : t.total)
                    sum += n;
                RC_ASSERT(sum == host::cpu().now);
                bool const able = each->v.domain_runs && !each->v.sched.blocked.load();
                RC_ASSERT((t.state == sched::State::running) == (running == &each->v));
                RC_ASSERT((t.state == sched::State::runnable) == (able && running != &each->v));
            }
            // Nobody waits for an idle CPU.
            if (!running)
                for (Guest* const each : guests)
                    RC_ASSERT(!each->v.domain_runs || each->v.sched.blocked.load());
        }
        for (Guest* const each : guests)
            each->v.domain_runs = true;
    });
}

TEST_CASE("an idle CPU takes over what waits elsewhere") {
    Machine m{2};
    Guest a{m}, b{m};
    m.reschedule(0);
    m.reschedule(1);
    REQUIRE(m.on(0) != nullptr);
    REQUIRE(m.on(1) != nullptr);
    CHECK(m.on(0) != m.on(1));
}

TEST_CASE("a vcpu runs only where its affinity allows") {
    Machine m{2};
    Guest a{m};
    sched::set_affinity(a.v, 2);
    m.reschedule(0);
    m.reschedule(1);
    CHECK(m.on(0) == nullptr);
    CHECK(m.on(1) == &a.v);
    sched::set_affinity(a.v, 1);
    m.reschedule(1);
    m.reschedule(0);
    CHECK(m.on(0) == &a.v);
    CHECK(m.on(1) == nullptr);
}

TEST_CASE("no other CPU takes a vcpu whose registers are not saved yet") {
    Machine m{2};
    Guest a{m}, b{m};
    sched::set_affinity(b.v, 1);
    m.reschedule(0);
    host::cpu().id = CpuId{0};
    Vcpu* const before = m.on(0);
    sched::yield(*before);
    Vcpu* const next = sched::pick();
    REQUIRE(next != before);
    host::cpu().id = CpuId{1};
    CHECK(sched::pick() == nullptr);
    host::cpu().id = CpuId{0};
    sched::context_saved(*before);
    sched::set_resched_due();
    m.reschedule(0);
}
