// SPDX-License-Identifier: MIT
// kernel/sched: shares follow weights, whatever guests do to get more, and a
// vcpu that is woken runs. The vcpus here are toys; time is turned by hand.
#include <rapidcheck/catch.h>

#include <array>

#include "tests/unit/kernel/sched/toys.hpp"

namespace {

using namespace toys;

}  // namespace

TEST_CASE("a CPU with nobody to run idles without a timer") {
    Machine m;
    CHECK(m.reschedule() == nullptr);
    CHECK(host::cpu().timer == machine::timer_off);
}

TEST_CASE("a vcpu alone on its CPU is not interrupted") {
    Machine m;
    Guest g{m};
    CHECK(m.reschedule() == &g.v());
    CHECK(host::cpu().timer == machine::timer_off);
    CHECK(g.v().entered == 1);
}

TEST_CASE("weights 256 and 512 share one CPU as 1 to 2") {
    Machine m;
    Guest const light{m, {.weight = 256}}, heavy{m, {.weight = 512}};
    m.run(3000 * ms);
    CHECK(within_permille(light.ran(), 1000 * ms, 50));
    CHECK(within_permille(heavy.ran(), 2000 * ms, 50));
}

TEST_CASE("shares follow weights for any weights") {
    rc::prop("2 to 6 spinning vcpus", [] {
        Machine m;
        std::vector<std::unique_ptr<Guest>> guests;
        Nanos total_weight = 0;
        for (auto const w : *rc::gen::resize(6, rc::gen::nonEmpty(rc::gen::container<std::vector<u32>>(
                                                    rc::gen::inRange<u32>(64, 2048))))) {
            guests.push_back(std::make_unique<Guest>(m, Wishes{.weight = w}));
            total_weight += w;
        }
        Nanos const span = 20'000 * ms;
        m.run(span);
        for (auto const& g : guests)
            RC_ASSERT(within_permille(g->ran(), span * g->share().weight() / total_weight, 100));
    });
}

TEST_CASE("SC-3 dodging the end of every slice gains nothing") {
    Machine m;
    Guest dodger{m}, spinner{m};
    m.reschedule();
    Nanos const span = 4000 * ms;
    while (host::cpu().now < span) {
        if (m.on(0) == &dodger.v()) {
            m.run(ms * 9 / 10);
            if (m.on(0) != &dodger.v())
                continue;
            m.sleep(dodger.v());
            sched::wake(dodger.v());
            m.reschedule();
        } else {
            m.run(ms / 10);
        }
    }
    CHECK(within_permille(dodger.ran(), span / 2, 50));
    CHECK(within_permille(spinner.ran(), span / 2, 50));
}

TEST_CASE("SC-3 yielding all the time neither gains nor starves") {
    Machine m;
    Guest polite{m}, spinner{m};
    m.reschedule();
    while (host::cpu().now < 2000 * ms) {
        m.run(ms * 7 / 10);
        if (m.on(0) == &polite.v())
            sched::yield(polite.v());
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
    m.sleep(io.v());
    Guest hog{m};
    m.run(100 * ms);
    CHECK(m.on(0) == &hog.v());
    sched::wake(io.v());
    CHECK(m.reschedule() == &io.v());
    m.run(50 * ms);
    CHECK(hog.ran() > 100 * ms);
}

TEST_CASE("sleeping long does not save up more than a slice") {
    Machine m;
    Guest sleeper{m};
    m.reschedule();
    m.sleep(sleeper.v());
    Guest hog{m};
    m.run(10'000 * ms);
    sched::wake(sleeper.v());
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
    CHECK(within_permille(hog.ran() - before, 50 * ms, 150));
}

TEST_CASE("a wake-up between the decision to sleep and the switch is not lost") {
    Machine m;
    Guest g{m};
    m.reschedule();
    sched::block(g.v());
    sched::wake(g.v());
    CHECK(m.reschedule() == &g.v());
}

TEST_CASE("waking a vcpu that does not sleep changes nothing") {
    Machine m;
    Guest a{m}, b{m};
    Vcpu* const first = m.reschedule();
    sched::wake(a.v());
    sched::wake(b.v());
    CHECK(m.reschedule() == first);
}

TEST_CASE("a cap holds even when nobody else wants the CPU") {
    Machine m;
    Guest const capped{m, {.cap = 25}};
    m.run(4000 * ms);
    CHECK(within_permille(capped.ran(), 1000 * ms, 50));
}

TEST_CASE("SC-4 a paused domain's vcpu runs only after the pause") {
    Machine m;
    Guest g{m};
    m.reschedule();
    g.v().domain_runs = false;
    sched::refresh(g.v());
    CHECK(m.reschedule() == nullptr);
    CHECK(sched::times(g.v()).state == sched::State::offline);
    sched::wake(g.v());
    CHECK(m.reschedule() == nullptr);
    g.v().domain_runs = true;
    sched::refresh(g.v());
    CHECK(m.reschedule() == &g.v());
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
                    if (m.on(0) == &g.v())
                        sched::block(g.v());
                    break;
                case 1:
                    sched::wake(g.v());
                    break;
                case 2:
                    g.v().domain_runs = !g.v().domain_runs;
                    sched::refresh(g.v());
                    break;
                default:
                    m.run(*rc::gen::inRange<Nanos>(0, 20 * ms));
            }
            m.reschedule();
            Vcpu* const running = m.on(0);
            for (Guest* const each : guests) {
                auto const t = sched::times(each->v());
                Nanos sum = host::cpu().now - t.entered;
                for (Nanos const n : t.total)
                    sum += n;
                RC_ASSERT(sum == host::cpu().now);
                bool const able = each->v().domain_runs && !each->v().sched.blocked.load();
                RC_ASSERT((t.state == sched::State::running) == (running == &each->v()));
                RC_ASSERT((t.state == sched::State::runnable) == (able && running != &each->v()));
            }
            // Nobody waits for an idle CPU.
            if (!running)
                for (Guest* const each : guests)
                    RC_ASSERT(!each->v().domain_runs || each->v().sched.blocked.load());
        }
        for (Guest* const each : guests)
            each->v().domain_runs = true;
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
    sched::set_affinity(a.v(), 2, sched::all_cpus);
    m.reschedule(0);
    m.reschedule(1);
    CHECK(m.on(0) == nullptr);
    CHECK(m.on(1) == &a.v());
    sched::set_affinity(a.v(), 1, sched::all_cpus);
    m.reschedule(1);
    m.reschedule(0);
    CHECK(m.on(0) == &a.v());
    CHECK(m.on(1) == nullptr);
}
