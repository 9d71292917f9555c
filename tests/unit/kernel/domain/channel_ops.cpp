// SPDX-License-Identifier: MIT
// kernel/domain/channel_ops and events: who may bind what, and which bits of
// the shared page change when an event is raised.
#include "kernel/domain/channel_ops.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>

#include "kernel/domain/events.hpp"
#include "kernel/domain/pirq_bindings.hpp"
#include "kernel/sched/sched.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/irq.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/vcpu.hpp"

namespace {

using State = Channel::State;
using host::TestDomain;

constexpr Privileges all{true, true, true};

template <class T>
Errno error_of(Result<T> const& r) {
    return r ? Errno{} : r.error();
}

Channel const& channel(Domain& d, EvtchnPort port) {
    static constinit Channel const none{};
    Channel const* const c = d.channels.find(port);
    return c ? *c : none;
}

struct Pair {
    EvtchnPort near, far;
};
Pair connect(Domain& a, Domain& b) {
    EvtchnPort const far = *evtchn::alloc_unbound(b, a.id);
    return {*evtchn::bind_interdomain(a, b, far), far};
}

void raise_from(Domain& d, EvtchnPort port) {
    REQUIRE(evtchn::send(d, port).has_value());
}

// The guest's own words about its ports.
struct Words {
    std::array<u64, 64> pending, mask;
    bool operator==(Words const&) const = default;
};
Words words_of(shared_info const& s) {
    Words w;
    std::ranges::copy(s.evtchn_pending, w.pending.begin());
    std::ranges::copy(s.evtchn_mask, w.mask.begin());
    return w;
}

// As a guest does when it has handled everything.
void settle(Domain& d) {
    std::memset(d.shared_info()->evtchn_pending, 0, sizeof d.shared_info()->evtchn_pending);
    for (Vcpu* const v : d.all_vcpus()) {
        v->info->evtchn_pending_sel = 0;
        v->info->evtchn_upcall_pending = 0;
    }
    host::vcpus().notified.clear();
}

}  // namespace

TEST_CASE("an unbound port is bound by the domain it waits for, once") {
    TestDomain a{1}, b{2};
    auto const [near, far] = connect(*a, *b);
    CHECK(channel(*a, near).state == State::interdomain);
    CHECK(channel(*b, far).peer == &*a);
    CHECK(evtchn::pending(*a, near));
    CHECK(error_of(evtchn::bind_interdomain(*a, *b, far)) == Errno::inval);
}

TEST_CASE("EV-2 a port that waits for another domain cannot be bound") {
    TestDomain a{1}, b{2}, thief{3};
    EvtchnPort const far = *evtchn::alloc_unbound(*b, a->id);
    CHECK(error_of(evtchn::bind_interdomain(*thief, *b, far)) == Errno::inval);
    CHECK(error_of(evtchn::bind_interdomain(*b, *b, far)) == Errno::inval);
    CHECK(evtchn::bind_interdomain(*a, *b, far).has_value());
}

TEST_CASE("closing one side leaves the other waiting for the same peer") {
    TestDomain a{1}, b{2};
    auto const [near, far] = connect(*a, *b);
    CHECK(evtchn::close(*a, near).has_value());
    CHECK(channel(*a, near).state == State::free);
    CHECK(channel(*b, far).state == State::unbound);
    CHECK(channel(*b, far).peer_id == a->id);
    CHECK(evtchn::bind_interdomain(*a, *b, far).has_value());
}

TEST_CASE("a loop-back channel opens, sends and closes") {
    TestDomain a{1};
    auto const [near, far] = connect(*a, *a);
    settle(*a);
    raise_from(*a, near);
    CHECK(evtchn::pending(*a, far));
    CHECK(evtchn::close(*a, far).has_value());
    CHECK(channel(*a, near).state == State::unbound);
    CHECK(evtchn::close(*a, near).has_value());
}

TEST_CASE("EV-7 sends coalesce: one notification until the guest has looked") {
    TestDomain a{1}, b{2};
    auto const [near, far] = connect(*a, *b);
    settle(*b);
    for (int i = 0; i < 100; ++i)
        raise_from(*a, near);
    CHECK(host::vcpus().notified == std::vector{&b.vcpu()});
    CHECK(b.vcpu().info->evtchn_pending_sel == u64{1} << far.raw() / 64);
    CHECK(b.vcpu().info->evtchn_upcall_pending == 1);
    settle(*b);
    raise_from(*a, near);
    CHECK(host::vcpus().notified.size() == 1);
}

TEST_CASE("a masked port only becomes pending; unmasking delivers it") {
    TestDomain a{1}, b{2};
    auto const [near, far] = connect(*a, *b);
    settle(*b);
    b->shared_info()->evtchn_mask[0] = ~u64{0};
    raise_from(*a, near);
    CHECK(evtchn::pending(*b, far));
    CHECK(host::vcpus().notified.empty());
    REQUIRE(evtchn::unmask(*b, far).has_value());
    CHECK(host::vcpus().notified.size() == 1);
    CHECK((b->shared_info()->evtchn_mask[0] >> far.raw() & 1) == 0);
}

TEST_CASE("EV-3 a closed port's number starts without a stale event") {
    TestDomain a{1}, b{2};
    auto const [near, far] = connect(*a, *b);
    raise_from(*a, near);
    CHECK(evtchn::close(*b, far).has_value());
    CHECK_FALSE(evtchn::pending(*b, far));
}

TEST_CASE("events follow their channel to another vcpu") {
    TestDomain a{1}, b{2, {}, 2};
    auto const [near, far] = connect(*a, *b);
    settle(*b);
    CHECK(evtchn::bind_vcpu(*b, far, 1).has_value());
    raise_from(*a, near);
    CHECK(host::vcpus().notified == std::vector{&b.vcpu(1)});
    CHECK(error_of(evtchn::bind_vcpu(*b, far, 2)) == Errno::noent);
    CHECK(error_of(evtchn::bind_vcpu(*b, *evtchn::bind_ipi(*b, 0), 1)) == Errno::inval);
    CHECK(error_of(evtchn::bind_vcpu(*b, *evtchn::bind_virq(*b, VIRQ_TIMER, 0), 1)) == Errno::inval);
}

TEST_CASE("EV-5 a virtual interrupt is bound once, by its owner, for a vcpu that exists") {
    TestDomain dom0{0, all, 2}, guest{1, {}, 2};
    CHECK(evtchn::bind_virq(*guest, VIRQ_TIMER, 0).has_value());
    CHECK(evtchn::bind_virq(*guest, VIRQ_TIMER, 1).has_value());
    CHECK(error_of(evtchn::bind_virq(*guest, VIRQ_TIMER, 0)) == Errno::exist);
    CHECK(error_of(evtchn::bind_virq(*guest, VIRQ_TIMER, 2)) == Errno::noent);
    CHECK(error_of(evtchn::bind_virq(*guest, ChannelTable::max_virqs, 0)) == Errno::inval);
    CHECK(error_of(evtchn::bind_virq(*guest, ~0u, 0)) == Errno::inval);
    for (u32 const virq : {VIRQ_CONSOLE, VIRQ_DOM_EXC, VIRQ_CON_RING, VIRQ_DEBUGGER}) {
        CHECK(error_of(evtchn::bind_virq(*guest, virq, 0)) == Errno::perm);
        CHECK(error_of(evtchn::bind_virq(*dom0, virq, 1)) == Errno::inval);
        CHECK(evtchn::bind_virq(*dom0, virq, 0).has_value());
    }
    settle(*dom0);
    evtchn::raise_global_virq(VIRQ_DOM_EXC);
    CHECK(host::vcpus().notified == std::vector{&dom0.vcpu()});
}

TEST_CASE("EV-5 a physical interrupt goes to the one domain that drives hardware") {
    TestDomain dom0{0, all}, guest{1};
    CHECK(error_of(evtchn::bind_pirq(*guest, 9, false)) == Errno::perm);
    CHECK(error_of(evtchn::bind_pirq(*dom0, machine::max_pirqs, false)) == Errno::inval);
    CHECK(error_of(evtchn::bind_pirq(*dom0, 9, false)) == Errno::inval);
    REQUIRE(machine::map_gsi(9, dom0->id).has_value());
    EvtchnPort const port = *evtchn::bind_pirq(*dom0, 9, false);
    CHECK(error_of(evtchn::bind_pirq(*dom0, 9, false)) == Errno::exist);
    CHECK(host::open_pirqs() == std::set<u32>{9});
    settle(*dom0);
    evtchn::raise_pirq(9);
    CHECK(evtchn::pending(*dom0, port));
    CHECK(evtchn::close(*dom0, port).has_value());
    CHECK(host::open_pirqs().empty());
    settle(*dom0);
    evtchn::raise_pirq(9);
    CHECK(host::vcpus().notified.empty());
}

TEST_CASE("EV-6 nothing a guest writes into its event words misleads us") {
    rc::prop("random shared words", [] {
        TestDomain a{1}, b{2};
        auto const [near, far] = connect(*a, *b);
        auto* const s = b->shared_info();
        for (int i = 0; i < 64; ++i) {
            s->evtchn_pending[i] = *rc::gen::arbitrary<u64>();
            s->evtchn_mask[i] = *rc::gen::arbitrary<u64>();
        }
        b.vcpu().info->evtchn_pending_sel = *rc::gen::arbitrary<u64>();
        b.vcpu().info->evtchn_upcall_pending = *rc::gen::arbitrary<u8>();
        auto expected = words_of(*s);
        raise_from(*a, near);
        expected.pending[far.raw() / 64] |= u64{1} << far.raw() % 64;
        RC_ASSERT(words_of(*s) == expected);
        REQUIRE(evtchn::unmask(*b, far).has_value());
        expected.mask[far.raw() / 64] &= ~(u64{1} << far.raw() % 64);
        RC_ASSERT(words_of(*s) == expected);
        // And the channel is still what it was.
        RC_ASSERT(channel(*b, far).peer == &*a);
        RC_ASSERT(channel(*b, far).number == near.raw());
        REQUIRE(evtchn::close(*b, far).has_value());
    });
}

TEST_CASE("EV-4 who is out of ports is refused each kind, and nobody loses anything") {
    TestDomain dom0{0, all}, peer{1};
    EvtchnPort const waiting = *evtchn::alloc_unbound(*peer, dom0->id);
    REQUIRE(machine::map_gsi(9, dom0->id).has_value());
    EvtchnPort last{};
    while (auto const port = evtchn::alloc_unbound(*dom0, peer->id))
        last = *port;
    u32 const most = dom0->events.lock()->in_use();
    CHECK(error_of(evtchn::alloc_unbound(*dom0, peer->id)) == Errno::nospc);
    CHECK(error_of(evtchn::bind_interdomain(*dom0, *peer, waiting)) == Errno::nospc);
    CHECK(error_of(evtchn::bind_virq(*dom0, VIRQ_DOM_EXC, 0)) == Errno::nospc);
    CHECK(error_of(evtchn::bind_ipi(*dom0, 0)) == Errno::nospc);
    CHECK(error_of(evtchn::bind_pirq(*dom0, 9, false)) == Errno::nospc);
    CHECK(dom0->events.lock()->in_use() == most);
    CHECK(channel(*peer, waiting).state == State::unbound);
    CHECK(host::open_pirqs().empty());
    evtchn::raise_global_virq(VIRQ_DOM_EXC);  // reaches nobody
    // With one port to spare each of them is to be had, one after the other.
    REQUIRE(evtchn::close(*dom0, last).has_value());
    auto const bind_each = [&](auto bind) {
        auto const port = bind();
        REQUIRE(port.has_value());
        CHECK(*port == last);
        REQUIRE(evtchn::close(*dom0, *port).has_value());
    };
    bind_each([&] { return evtchn::bind_interdomain(*dom0, *peer, waiting); });
    bind_each([&] { return evtchn::bind_virq(*dom0, VIRQ_DOM_EXC, 0); });
    bind_each([&] { return evtchn::bind_ipi(*dom0, 0); });
    bind_each([&] { return evtchn::bind_pirq(*dom0, 9, false); });
}

TEST_CASE("EV-3 the death of a domain leaves its peers with ports they can close") {
    TestDomain a{1};
    EvtchnPort near{};
    {
        TestDomain b{2};
        near = connect(*a, *b).near;
        REQUIRE(channel(*a, near).state == State::interdomain);
    }
    CHECK(channel(*a, near).state == State::unbound);
    CHECK(evtchn::close(*a, near).has_value());
}

TEST_CASE("closing everything can be interrupted and goes on") {
    TestDomain a{1};
    for (int i = 0; i < 200; ++i)
        CHECK(evtchn::alloc_unbound(*a, DomId{2}).has_value());
    host::reset_cpu();
    host::cpu().preempt = [] { return true; };
    int rounds = 1;
    for (auto r = evtchn::close_all(*a); !r; r = evtchn::close_all(*a)) {
        REQUIRE(r.error() == Errno::restart);
        REQUIRE(++rounds < 100);
    }
    CHECK(rounds > 2);
    CHECK(a->events.lock()->in_use() == 0);
    host::reset_cpu();
}

TEST_CASE("a poll ends when its port is raised, even masked, and never otherwise") {
    TestDomain a{1}, b{2};
    auto const [near, far] = connect(*a, *b);
    settle(*b);
    b->shared_info()->evtchn_mask[0] = ~u64{0};
    Vcpu& v = b.vcpu();
    evtchn::begin_poll(v, far.raw() + 1);
    sched::block(v);
    raise_from(*a, near);
    CHECK(v.sched.blocked.load());
    settle(*b);
    evtchn::begin_poll(v, far.raw());
    raise_from(*a, near);
    CHECK_FALSE(v.sched.blocked.load());
    CHECK(b->polling.load() == 0);
}

TEST_CASE("EV-2 random operations by three domains keep both sides of every channel in step") {
    rc::prop("against a model of pairs", [] {
        std::array<std::unique_ptr<TestDomain>, 3> doms;
        for (u16 i = 0; i < 3; ++i)
            doms[i] = std::make_unique<TestDomain>(static_cast<u16>(i + 1));
        using End = std::pair<u16, u32>;
        std::map<End, u16> unbound;    // -> whom it waits for
        std::map<End, End> connected;  // both directions
        auto number = [](u16 i) { return DomId{static_cast<u16>(i + 1)}; };
        auto domain = [&]() { return *rc::gen::inRange<u16>(0, 3); };
        for (int step = *rc::gen::inRange(0, 120); step > 0; --step) {
            u16 const i = domain(), j = domain();
            EvtchnPort const port{*rc::gen::inRange<u32>(0, 12)};
            End const here{i, port.raw()}, there{j, port.raw()};
            switch (*rc::gen::inRange(0, 3)) {
                case 0:
                    unbound[{i, evtchn::alloc_unbound(**doms[i], number(j))->raw()}] = j;
                    break;
                case 1: {
                    auto const bound = evtchn::bind_interdomain(**doms[i], **doms[j], port);
                    bool const allowed = unbound.contains(there) && unbound[there] == i;
                    RC_ASSERT(bound.has_value() == allowed);
                    if (!bound)
                        break;
                    unbound.erase(there);
                    connected[{i, bound->raw()}] = there;
                    connected[there] = {i, bound->raw()};
                    break;
                }
                default: {
                    bool const known = unbound.contains(here) || connected.contains(here);
                    RC_ASSERT(evtchn::close(**doms[i], port).has_value() == known);
                    if (connected.contains(here)) {
                        End const other = connected[here];
                        connected.erase(here);
                        connected.erase(other);
                        unbound[other] = i;
                    }
                    unbound.erase(here);
                }
            }
            for (auto const& [end, waits_for] : unbound) {
                Channel const& c = channel(**doms[end.first], EvtchnPort{end.second});
                RC_ASSERT(c.state == State::unbound);
                RC_ASSERT(c.peer_id == number(waits_for));
            }
            for (auto const& [end, other] : connected) {
                Channel const& c = channel(**doms[end.first], EvtchnPort{end.second});
                RC_ASSERT(c.state == State::interdomain);
                RC_ASSERT(c.peer == &**doms[other.first]);
                RC_ASSERT(c.number == other.second);
            }
        }
    });
}
