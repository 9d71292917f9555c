// SPDX-License-Identifier: MIT
// event_channel_op as a domain calls it: which domain it may name, and what it
// is told of a port.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstring>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/irq.hpp"
#include "tests/unit/kernel/hypercall/guest_buffer.hpp"

namespace {

using host::TestDomain;

constexpr Privileges all{true, true, true};

// A caller, a guest that it may or may not speak for, and the memory of both.
struct World {
    test::GuestBuffer memory;
    TestDomain caller;
    TestDomain guest{5};

    explicit World(Privileges privileges = {}) : caller{1, privileges} { host::reset_cpu(); }

    template <class Op>
    hypercall::Answer call(u32 cmd, Op& op) {
        auto const r = hypercall::event_channel_op(caller.vcpu(), cmd, memory.put(op));
        op = memory.get<Op>();
        return r;
    }
    hypercall::Answer open(u16 whose, u16 peer, u32* port = nullptr) {
        evtchn_alloc_unbound_t op{.dom = whose, .remote_dom = peer, .port = 0};
        auto const r = call(EVTCHNOP_alloc_unbound, op);
        if (port != nullptr)
            *port = op.port;
        return r;
    }
    // What is told of a port, into a structure full of something else.
    evtchn_status_t status(u32 port, u16 whose = DOMID_SELF) {
        evtchn_status_t op;
        std::memset(&op, 0xa5, sizeof op);
        op.dom = whose;
        op.port = port;
        REQUIRE(call(EVTCHNOP_status, op) == s64{0});
        REQUIRE(op.dom == whose);
        REQUIRE(op.port == port);
        return op;
    }
    u32 in_use(TestDomain& d) { return d->events.lock()->in_use(); }
};

// Nothing but these bytes of the answer.
bool rest_is_zero(evtchn_status_t const& s, usize used) {
    auto const* const bytes = reinterpret_cast<u8 const*>(&s.u);
    return std::all_of(bytes + used, bytes + sizeof s.u, [](u8 b) { return b == 0; });
}

}  // namespace

TEST_CASE("HC-7 ports of another domain are for who controls it") {
    for (bool const privileged : {false, true}) {
        World w{privileged ? all : Privileges{}};
        auto const expected = [&](hypercall::Answer const& r) {
            return privileged ? r.has_value() : r == Fail{Errno::perm};
        };
        CHECK(expected(w.open(5, 1)));
        evtchn_status_t status{};
        status.dom = 5;
        status.port = 1;
        CHECK(expected(w.call(EVTCHNOP_status, status)));
        CHECK(w.in_use(w.guest) == u32{privileged});
        evtchn_reset_t reset{.dom = 5};
        CHECK(expected(w.call(EVTCHNOP_reset, reset)));
        CHECK(w.in_use(w.guest) == 0);
        CHECK(w.open(77, 1) == Fail{Errno::srch});
        CHECK(w.open(1, 5).has_value());  // by its own number
    }
}

TEST_CASE("a port is waited for, joined, told of and closed") {
    World w;
    u32 mine = 0;
    REQUIRE(w.open(DOMID_SELF, DOMID_SELF, &mine));
    evtchn_bind_interdomain_t join{.remote_dom = DOMID_SELF, .remote_port = mine, .local_port = 0};
    REQUIRE(w.call(EVTCHNOP_bind_interdomain, join));
    auto const near = w.status(join.local_port), far = w.status(mine);
    CHECK((near.status == EVTCHNSTAT_interdomain && far.status == EVTCHNSTAT_interdomain));
    CHECK((near.u.interdomain.dom == 1 && near.u.interdomain.port == mine));
    CHECK((far.u.interdomain.dom == 1 && far.u.interdomain.port == join.local_port));
    CHECK(w.call(EVTCHNOP_bind_interdomain, join) == Fail{Errno::inval});
    evtchn_close_t close{.port = mine};
    REQUIRE(w.call(EVTCHNOP_close, close));
    CHECK(w.status(mine).status == EVTCHNSTAT_closed);
    auto const left = w.status(join.local_port);
    CHECK(left.status == EVTCHNSTAT_unbound);
    CHECK(left.u.unbound.dom == 1);
    evtchn_bind_interdomain_t nobody{.remote_dom = 77, .remote_port = 1, .local_port = 0};
    CHECK(!w.call(EVTCHNOP_bind_interdomain, nobody).has_value());
}

TEST_CASE("HC-4 of each kind of port its own facts are told, and nothing behind them") {
    World w{all};
    u32 waiting = 0;
    REQUIRE(w.open(DOMID_SELF, 5, &waiting));
    evtchn_bind_virq_t virq{.virq = VIRQ_TIMER, .vcpu = 0, .port = 0};
    REQUIRE(w.call(EVTCHNOP_bind_virq, virq));
    evtchn_bind_ipi_t ipi{.vcpu = 0, .port = 0};
    REQUIRE(w.call(EVTCHNOP_bind_ipi, ipi));
    REQUIRE(machine::map_gsi(9, w.caller->id).has_value());
    evtchn_bind_pirq_t pirq{.pirq = 9, .flags = BIND_PIRQ__WILL_SHARE, .port = 0};
    REQUIRE(w.call(EVTCHNOP_bind_pirq, pirq));

    auto const unbound = w.status(waiting);
    CHECK((unbound.status == EVTCHNSTAT_unbound && unbound.u.unbound.dom == 5));
    CHECK(rest_is_zero(unbound, sizeof unbound.u.unbound));
    auto const timer = w.status(virq.port);
    CHECK((timer.status == EVTCHNSTAT_virq && timer.u.virq == VIRQ_TIMER && timer.vcpu == 0));
    CHECK(rest_is_zero(timer, sizeof timer.u.virq));
    auto const line = w.status(pirq.port);
    CHECK((line.status == EVTCHNSTAT_pirq && line.u.pirq == 9));
    CHECK(rest_is_zero(line, sizeof line.u.pirq));
    CHECK(w.status(ipi.port).status == EVTCHNSTAT_ipi);
    CHECK(rest_is_zero(w.status(ipi.port), 0));
    CHECK(w.status(0).status == EVTCHNSTAT_closed);
    CHECK(rest_is_zero(w.status(EventChannels::max_ports - 1), 0));
    evtchn_status_t beyond{};
    beyond.dom = DOMID_SELF;
    beyond.port = EventChannels::max_ports;
    CHECK(w.call(EVTCHNOP_status, beyond) == Fail{Errno::inval});
}

TEST_CASE("a reset closes every port, however often it is interrupted") {
    World w;
    for (int i = 0; i < 200; ++i)
        REQUIRE(w.open(DOMID_SELF, 5));
    host::cpu().preempt = [] { return true; };
    evtchn_reset_t op{.dom = DOMID_SELF};
    unsigned calls = 1;
    while (w.call(EVTCHNOP_reset, op) == Fail{Errno::restart})
        REQUIRE(++calls < 200);
    CHECK(calls > 2);
    CHECK(w.in_use(w.caller) == 0);
    host::reset_cpu();
}

TEST_CASE("what lies nowhere is a fault of the caller's, and does nothing") {
    World w{all};
    for (u32 const cmd : {EVTCHNOP_send, EVTCHNOP_unmask, EVTCHNOP_alloc_unbound, EVTCHNOP_bind_interdomain,
                          EVTCHNOP_bind_virq, EVTCHNOP_bind_ipi, EVTCHNOP_bind_pirq, EVTCHNOP_bind_vcpu,
                          EVTCHNOP_close, EVTCHNOP_status, EVTCHNOP_reset})
        CHECK(hypercall::event_channel_op(w.caller.vcpu(), cmd, GuestPtr<u8>{0x900000}) ==
              Fail{Errno::fault});
    CHECK(w.in_use(w.caller) == 0);
}
