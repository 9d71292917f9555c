// SPDX-License-Identifier: MIT
// kernel/sched on many CPUs: no CPU idles while somebody waits who may use it,
// shares and caps hold over all CPUs together, and affinity always.
#include "kernel/sched/cores.hpp"

#include <rapidcheck/catch.h>

#include <numeric>

#include "tests/unit/kernel/sched/toys.hpp"

namespace {

using namespace toys;
using Guests = std::vector<std::unique_ptr<Guest>>;

Guest& add(Guests& guests, Machine& m, Wishes const& w) {
    return *guests.emplace_back(std::make_unique<Guest>(m, w));
}

// What each of the guests is entitled to of `cpus` CPUs, as parts of one: by
// weight, but nobody more than a CPU for each of its vcpus. What those cannot
// use goes to the others.
std::vector<double> entitlements(Guests const& guests, double cpus) {
    std::vector<double> parts(guests.size(), 0);
    std::vector<bool> full(guests.size(), false);
    for (bool again = true; again;) {
        again = false;
        double weights = 0, left = cpus;
        for (usize i = 0; i < guests.size(); ++i)
            full[i] ? left -= parts[i] : weights += guests[i]->share().weight();
        for (usize i = 0; i < guests.size(); ++i) {
            if (full[i])
                continue;
            parts[i] = weights > 0 ? left * guests[i]->share().weight() / weights : 0;
            if (parts[i] >= static_cast<double>(guests[i]->size())) {
                parts[i] = static_cast<double>(guests[i]->size());
                full[i] = again = true;
            }
        }
    }
    return parts;
}

void check_entitlements(Guests const& guests, double cpus, Nanos span, Nanos permille) {
    auto const parts = entitlements(guests, cpus);
    for (usize i = 0; i < guests.size(); ++i) {
        auto const wanted = static_cast<Nanos>(parts[i] * static_cast<double>(span));
        INFO("guest " << i << " ran " << guests[i]->ran() << " of " << wanted);
        CHECK(within_permille(guests[i]->ran(), wanted, permille));
    }
}

// Somebody waits who could run on this idle CPU.
bool starves(Machine const& m, u32 cpu, Guests const& guests) {
    if (m.on(cpu))
        return false;
    return std::ranges::any_of(guests, [&](auto const& g) {
        for (usize n = 0; n < g->size(); ++n)
            if (g->v(n).sched.state.load() == sched::State::runnable && g->v(n).sched.may_use(CpuId{cpu}))
                return true;
        return false;
    });
}

u32 places_of(Machine const& m, Vcpu const& v) {
    u32 places = 0;
    for (u32 c = 0; c < m.size(); ++c)
        places += m.on(c) == &v ? 1 : 0;
    return places;
}

}  // namespace

TEST_CASE("two vcpus use two CPUs") {
    Machine m{2};
    Guest const a{m}, b{m};
    m.run(100 * ms);
    CHECK(m.on(0) != nullptr);
    CHECK(m.on(1) != nullptr);
    CHECK(m.on(0) != m.on(1));
    CHECK(m.timer(0) == machine::timer_off);
    CHECK(m.timer(1) == machine::timer_off);
}

TEST_CASE("no other CPU takes a vcpu whose registers are not saved yet") {
    Machine m{2};
    Guest const a{m}, b{m, {.affinity = 1}};
    sched::set_affinity(a.v(), 1, sched::all_cpus);
    Vcpu* const before = m.reschedule(0);
    sched::set_affinity(a.v(), sched::all_cpus, sched::all_cpus);
    sched::yield(*before);
    Vcpu* const next = sched::pick();
    REQUIRE(next != before);
    host::cpu().id = CpuId{1};
    CHECK(sched::pick() == nullptr);
    host::cpu().id = CpuId{0};
    sched::context_saved(*before);
    sched::context_saved(*next);
    sched::set_resched_due();
    m.settle();
}

TEST_CASE("a vcpu that is preempted goes on where nobody is busy") {
    Machine m{2};
    Guest const io{m, {.affinity = 1}};
    m.settle();
    m.sleep(io.v());
    Guest const hog{m};
    m.settle();
    if (m.on(0) != &hog.v())
        sched::set_affinity(hog.v(), 1, sched::all_cpus);
    m.settle();
    sched::set_affinity(hog.v(), sched::all_cpus, sched::all_cpus);
    m.run(sched::least_run);
    sched::wake(io.v());
    m.settle();
    CHECK(m.on(0) == &io.v());
    CHECK(m.on(1) == &hog.v());
}

TEST_CASE("a vcpu that wakes up prefers an idle CPU, and of those its own choice") {
    Machine m{4};
    Guest const sleeper{m};
    sched::set_affinity(sleeper.v(), 0b1110, 0b0100);
    m.settle();
    m.sleep(sleeper.v());
    sched::wake(sleeper.v());
    m.settle();
    CHECK(m.on(2) == &sleeper.v());
    m.sleep(sleeper.v());
    Guest const hog{m, {.affinity = 0b0100}};
    m.settle();
    sched::wake(sleeper.v());
    m.settle();
    CHECK(m.on(2) == &hog.v());
    CHECK((m.on(1) == &sleeper.v() || m.on(3) == &sleeper.v()));
}

TEST_CASE("a CPU whose vcpu is alone has no timer, whoever else computes") {
    Machine m{3};
    Guests guests;
    for (int i = 0; i < 3; ++i)
        add(guests, m, {});
    m.run(100 * ms);
    for (u32 c = 0; c < 3; ++c)
        CHECK(m.timer(c) == machine::timer_off);
}

TEST_CASE("three equal guests get two thirds of two CPUs each") {
    Machine m{2};
    Guests guests;
    for (int i = 0; i < 3; ++i)
        add(guests, m, {});
    m.run(3000 * ms);
    check_entitlements(guests, 2, 3000 * ms, 20);
}

TEST_CASE("a guest that had a CPU to itself shares it with who comes later elsewhere") {
    Machine m{2};
    Guests guests;
    Guest& first = add(guests, m, {});
    m.run(5000 * ms);
    add(guests, m, {});
    add(guests, m, {});
    Nanos const before = first.ran();
    m.run(3000 * ms);
    CHECK(within_permille(first.ran() - before, 2000 * ms, 20));
}

TEST_CASE("who comes to a CPU that was idle for long has no claim by it") {
    Machine m{2};
    {
        Guest const a{m, {.affinity = 1}}, b{m, {.affinity = 1}};
        m.run(5000 * ms);
    }
    Guests guests;
    for (int i = 0; i < 3; ++i)
        add(guests, m, {});
    m.run(1500 * ms);
    check_entitlements(guests, 2, 1500 * ms, 20);
}

TEST_CASE("weights 256 and 512 are 1 to 2 with several vcpus on several CPUs") {
    for (u32 const cpus : {1u, 2u, 4u})
        for (u32 const vcpus : {cpus, 2 * cpus}) {
            Machine m{cpus};
            Guests guests;
            add(guests, m, {.weight = 256, .vcpus = vcpus});
            add(guests, m, {.weight = 512, .vcpus = vcpus});
            m.run(6000 * ms);
            INFO(cpus << " CPUs, " << vcpus << " vcpus");
            check_entitlements(guests, cpus, 6000 * ms, 30);
        }
}

TEST_CASE("SC-3 having more vcpus gains nothing") {
    for (u32 const cpus : {1u, 2u}) {
        Machine m{cpus};
        Guests guests;
        add(guests, m, {.vcpus = 2});
        add(guests, m, {.vcpus = 6});
        m.run(6000 * ms);
        check_entitlements(guests, cpus, 6000 * ms, 30);
    }
}

TEST_CASE("SC-3 a second vcpu that sleeps whenever time is charged gains nothing") {
    Machine m{2};
    Guest const cheat{m, {.vcpus = 2}}, honest{m, {.vcpus = 2}};
    for (int i = 0; i < 2000; ++i) {
        m.run(ms * 9 / 10);
        if (places_of(m, cheat.v(1)) == 1)
            m.sleep(cheat.v(1));
        m.run(ms / 10);
        sched::wake(cheat.v(1));
    }
    CHECK(cheat.ran() <= 1030 * 2 * ms);
}

TEST_CASE("shares follow weights for any guests on any CPUs") {
    rc::prop("1 to 8 CPUs, 1 to 8 guests of 1 to 4 vcpus", [] {
        Machine m{*rc::gen::inRange<u32>(1, 9)};
        Guests guests;
        for (int n = *rc::gen::inRange(1, 9); n > 0; --n)
            add(guests, m,
                {.weight = *rc::gen::inRange<u32>(128, 1024), .vcpus = *rc::gen::inRange<u32>(1, 5)});
        auto const vcpus = std::accumulate(guests.begin(), guests.end(), usize{0},
                                           [](usize sum, auto const& g) { return sum + g->size(); });
        double const cpus = static_cast<double>(std::min<usize>(m.size(), vcpus));
        Nanos const span = 10'000 * ms;
        m.run(span);
        auto const parts = entitlements(guests, cpus);
        for (usize i = 0; i < guests.size(); ++i) {
            auto const wanted = static_cast<Nanos>(parts[i] * static_cast<double>(span));
            RC_LOG() << "guest " << i << " (" << guests[i]->share().weight() << ", " << guests[i]->size()
                     << " vcpus) on " << m.size() << " ran " << guests[i]->ran() << " of " << wanted << "\n";
            Nanos const slices = static_cast<Nanos>(guests[i]->size()) * sched::slice_length;
            RC_ASSERT(std::abs(guests[i]->ran() - wanted) <= wanted / 100 + slices);
        }
    });
}

TEST_CASE("a cap holds for all vcpus of a guest together, on any CPUs") {
    for (u32 const cpus : {1u, 2u, 4u})
        for (u32 const vcpus : {1u, 4u})
            for (u32 const cap : {1u, 25u, 60u}) {
                Machine m{cpus};
                Guest const capped{m, {.cap = cap, .vcpus = vcpus}}, other{m};
                m.run(4000 * ms);
                INFO(cpus << " CPUs, " << vcpus << " vcpus, cap " << cap);
                Nanos const wanted = std::min<Nanos>(cap, cpus == 1 ? 50 : 100) * 40 * ms;
                CHECK(within_permille(capped.ran(), wanted, 20));
            }
}

TEST_CASE("a cap may be more than one CPU, and all vcpus get some of it") {
    Machine m{4};
    Guest const capped{m, {.cap = 150, .vcpus = 4}};
    m.run(4000 * ms);
    CHECK(within_permille(capped.ran(), 6000 * ms, 20));
    for (usize n = 0; n < 4; ++n)
        CHECK(capped.ran(n) > 1000 * ms);
}

TEST_CASE("a cap that is set, changed and lifted holds from then on") {
    Machine m{2};
    Guest g{m, {.vcpus = 2}};
    auto const ran_in_second = [&](u32 cap) {
        g.share().set(256, cap);
        for (usize n = 0; n < 2; ++n)
            sched::share_changed(g.v(n));
        m.run(100 * ms);
        Nanos const before = g.ran();
        m.run(1000 * ms);
        return g.ran() - before;
    };
    CHECK(within_permille(ran_in_second(0), 2000 * ms, 1));
    CHECK(within_permille(ran_in_second(30), 300 * ms, 20));
    CHECK(within_permille(ran_in_second(120), 1200 * ms, 20));
    CHECK(within_permille(ran_in_second(0), 2000 * ms, 1));
}

TEST_CASE("SC-4 whatever happens, CPUs work, affinity holds and nobody is in two places") {
    rc::prop("random sleeping, waking, pausing, yielding, pinning and waiting", [] {
        Machine m{*rc::gen::inRange<u32>(1, 6)};
        u64 const cpus = (u64{1} << m.size()) - 1;
        Guests guests;
        for (int n = *rc::gen::inRange(1, 6); n > 0; --n)
            add(guests, m,
                {.weight = *rc::gen::inRange<u32>(64, 1024),
                 .cap = *rc::gen::elementOf(std::vector<u32>{0, 0, 0, 30, 150}),
                 .vcpus = *rc::gen::inRange<u32>(1, 4),
                 .affinity = *rc::gen::inRange<u64>(1, cpus + 1)});
        for (int step = *rc::gen::inRange(0, 200); step > 0; --step) {
            Guest& g = *guests[*rc::gen::inRange<usize>(0, guests.size())];
            Vcpu& v = g.v(*rc::gen::inRange<usize>(0, g.size()));
            switch (*rc::gen::inRange(0, 7)) {
                case 0:
                    if (places_of(m, v) == 1)
                        m.sleep(v);
                    break;
                case 1:
                    sched::wake(v);
                    break;
                case 2:
                    v.domain_runs = !v.domain_runs;
                    sched::refresh(v);
                    break;
                case 3:
                    sched::set_affinity(v, *rc::gen::inRange<u64>(1, cpus + 1), sched::all_cpus);
                    break;
                default:
                    m.run(*rc::gen::inRange<Nanos>(0, 20 * ms));
            }
            m.settle();
            for (u32 c = 0; c < m.size(); ++c) {
                RC_ASSERT(!starves(m, c, guests));
                if (Vcpu const* const runs = m.on(c))
                    RC_ASSERT(runs->sched.may_use(CpuId{c}));
            }
            for (auto const& each : guests)
                for (usize n = 0; n < each->size(); ++n) {
                    auto const t = sched::times(each->v(n));
                    Nanos const sum =
                        std::accumulate(t.total.begin(), t.total.end(), host::cpu().now - t.entered);
                    RC_ASSERT(sum == host::cpu().now);
                    RC_ASSERT(places_of(m, each->v(n)) == (t.state == sched::State::running ? 1u : 0u));
                }
        }
        for (auto const& each : guests)
            for (usize n = 0; n < each->size(); ++n)
                each->v(n).domain_runs = true;
    });
}

// Found by the property above.
TEST_CASE("SC-4 a CPU looks on when who came to it first had used up its cap") {
    Machine m{3};
    Guests guests;
    add(guests, m, {.weight = 64, .cap = 150, .vcpus = 2, .affinity = 0b010});
    add(guests, m, {.weight = 64, .affinity = 0b100});
    add(guests, m, {.weight = 64, .vcpus = 2, .affinity = 0b011});
    add(guests, m, {.weight = 64, .cap = 30, .vcpus = 3, .affinity = 0b101});
    Guest &paused = *guests[0], &leaves = *guests[1], &waits = *guests[2];
    m.settle();
    sched::set_affinity(paused.v(), 0b001, sched::all_cpus);
    m.settle();
    m.run(3'608'139);
    paused.v().domain_runs = false;
    sched::refresh(paused.v());
    m.settle();
    sched::set_affinity(waits.v(1), 0b110, sched::all_cpus);
    m.settle();
    m.run(3'030'132);
    if (places_of(m, waits.v()) == 1)
        m.sleep(waits.v());
    m.run(2'361'729);
    m.sleep(leaves.v());
    for (u32 c = 0; c < m.size(); ++c)
        CHECK(!starves(m, c, guests));
}

TEST_CASE("nobody starves, whatever the others do") {
    rc::prop("hogs with weights 16 to 4096 beside those that sleep and wake", [] {
        Machine m{*rc::gen::inRange<u32>(1, 5)};
        Guests guests;
        for (int n = *rc::gen::inRange(2, 10); n > 0; --n)
            add(guests, m, {.weight = *rc::gen::inRange<u32>(16, 4096)});
        usize const sleepers = *rc::gen::inRange<usize>(0, guests.size());
        for (int step = 0; step < 2000; ++step) {
            Vcpu& v = guests[static_cast<usize>(step) % (sleepers + 1)]->v();
            if (sleepers != 0 && places_of(m, v) == 1)
                m.sleep(v);
            m.run(ms);
            sched::wake(v);
        }
        for (auto const& each : guests)
            RC_ASSERT(each->ran() > 0);
    });
}
