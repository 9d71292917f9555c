// SPDX-License-Identifier: MIT
// sched_op, vcpu_op, set_timer_op and event_channel_op as a guest calls them:
// refusals, sleeping and waking, timers, registered areas.
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <cstring>

#include "kernel/domain/events.hpp"
#include "kernel/domain/time.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/sched/sched.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/mapping.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/vcpu.hpp"

namespace {

constexpr u64 argument_va = 0x10000;
constexpr u64 area_va = 0x20000;

// A guest with two vcpus of which the first is up.
struct Guest {
    host::TestDomain d{1, {}, 2};
    alignas(4096) std::array<std::byte, page_size> argument{};

    Guest() {
        host::reset_cpu();
        host::vcpus() = {};
        sched::init_cpu(CpuId{0});
        host::guest().clear();
        host::guest().map(Vaddr{argument_va}, argument.data(), page_size);
        d.vcpu().initialised = true;
        sched::bring_up(d.vcpu());
        bind(VIRQ_TIMER);
    }
    ~Guest() {
        host::guest().clear();
        host::mapped_frames().clear();
    }
    template <class T>
    GuestPtr<u8> with(T const& v) {
        std::memcpy(argument.data(), &v, sizeof v);
        return GuestPtr<u8>{argument_va};
    }
    template <class T>
    T result() const {
        T v;
        std::memcpy(&v, argument.data(), sizeof v);
        return v;
    }
    u32 bind(u32 virq) {
        REQUIRE(
            hypercall::event_channel_op(d.vcpu(), EVTCHNOP_bind_virq, with(evtchn_bind_virq_t{virq, 0, 0})));
        return result<evtchn_bind_virq_t>().port;
    }
    u32 ipi() {
        REQUIRE(hypercall::event_channel_op(d.vcpu(), EVTCHNOP_bind_ipi, with(evtchn_bind_ipi_t{0, 0})));
        return result<evtchn_bind_ipi_t>().port;
    }
    hypercall::Answer send(u32 port) {
        return hypercall::event_channel_op(d.vcpu(), EVTCHNOP_send, with(evtchn_send_t{port}));
    }
    hypercall::Answer vcpu_op(u32 cmd, u32 vcpu, GuestPtr<u8> arg = {}) {
        return hypercall::vcpu_op(d.vcpu(), cmd, vcpu, arg);
    }
    bool asleep() { return d.vcpu().sched.blocked.load(); }
    void handle_events() {
        d.vcpu().info->evtchn_upcall_pending = 0;
        d.vcpu().info->evtchn_pending_sel = 0;
        std::memset(d->shared_info()->evtchn_pending, 0, sizeof d->shared_info()->evtchn_pending);
    }
    void pass_time(Nanos to) {
        host::cpu().now = to;
        if (host::cpu().timer_fires())
            sched::timer_interrupt();
    }
    bool timer_pending() { return (d->shared_info()->evtchn_pending[0] >> 1 & 1) != 0; }
};

Errno error_of(hypercall::Answer const& a) {
    return a ? Errno{} : a.error();
}

}  // namespace

TEST_CASE("blocking unmasks events, and an event that is there ends it at once") {
    Guest g;
    vcpu_info_t& info = *g.d.vcpu().info;
    info.evtchn_upcall_mask = 1;
    CHECK(hypercall::sched_op(g.d.vcpu(), SCHEDOP_block, {}).value() == 0);
    CHECK(info.evtchn_upcall_mask == 0);
    CHECK(g.asleep());
    u32 const port = g.ipi();
    CHECK(g.send(port).value() == 0);
    CHECK_FALSE(g.asleep());
    CHECK(hypercall::sched_op(g.d.vcpu(), SCHEDOP_block, {}).value() == 0);
    CHECK_FALSE(g.asleep());
}

TEST_CASE("EV-1 a poll refuses ports that cannot exist, and too many") {
    Guest g;
    evtchn_port_t const port = EventChannels::max_ports;
    std::memcpy(g.argument.data() + 64, &port, sizeof port);
    sched_poll_t op{};
    op.ports.p = reinterpret_cast<evtchn_port_t*>(argument_va + 64);
    op.nr_ports = 1;
    CHECK(error_of(hypercall::sched_op(g.d.vcpu(), SCHEDOP_poll, g.with(op))) == Errno::inval);
    op.nr_ports = 129;
    CHECK(error_of(hypercall::sched_op(g.d.vcpu(), SCHEDOP_poll, g.with(op))) == Errno::inval);
    CHECK_FALSE(g.asleep());
}

TEST_CASE("a poll ends by its time-out when nothing comes") {
    Guest g;
    evtchn_port_t const port = g.ipi();
    std::memcpy(g.argument.data() + 64, &port, sizeof port);
    sched_poll_t op{};
    op.ports.p = reinterpret_cast<evtchn_port_t*>(argument_va + 64);
    op.nr_ports = 1;
    op.timeout = 5000;
    CHECK(hypercall::sched_op(g.d.vcpu(), SCHEDOP_poll, g.with(op)).value() == 0);
    CHECK(g.asleep());
    g.pass_time(4999);
    CHECK(g.asleep());
    g.pass_time(5000);
    CHECK_FALSE(g.asleep());
}

TEST_CASE("SC-1 a one-shot timer raises its interrupt once, a past one at once") {
    Guest g;
    host::cpu().now = 1000;
    CHECK(hypercall::set_timer_op(g.d.vcpu(), 3000).value() == 0);
    g.pass_time(2999);
    CHECK_FALSE(g.timer_pending());
    g.pass_time(3000);
    CHECK(g.timer_pending());
    for (u64 const past : {u64{1}, u64{2999}, u64{3000}}) {
        g.handle_events();
        CHECK(hypercall::set_timer_op(g.d.vcpu(), past).value() == 0);
        CHECK(g.timer_pending());
    }
    g.handle_events();
    for (u64 const never : {u64{INT64_MAX}, u64{INT64_MAX} + 1, ~u64{0}, u64{0}}) {
        CHECK(hypercall::set_timer_op(g.d.vcpu(), never).value() == 0);
        CHECK_FALSE(g.timer_pending());
    }
}

TEST_CASE("SC-1 periods below a millisecond are refused") {
    Guest g;
    for (u64 const period : {u64{0}, u64{1}, u64{999'999}, ~u64{0}, u64{INT64_MAX}})
        CHECK(error_of(g.vcpu_op(VCPUOP_set_periodic_timer, 0, g.with(vcpu_set_periodic_timer_t{period}))) ==
              Errno::inval);
    CHECK(g.vcpu_op(VCPUOP_set_periodic_timer, 0, g.with(vcpu_set_periodic_timer_t{1'000'000})).value() == 0);
    CHECK(g.vcpu_op(VCPUOP_stop_periodic_timer, 0).value() == 0);
}

TEST_CASE("a vcpu that does not exist is told apart from one that is down") {
    Guest g;
    CHECK(g.vcpu_op(VCPUOP_is_up, 0).value() == 1);
    CHECK(g.vcpu_op(VCPUOP_is_up, 1).value() == 0);
    for (u32 const none : {2u, 31u, 32u, 8191u, ~0u})
        CHECK(error_of(g.vcpu_op(VCPUOP_is_up, none)) == Errno::noent);
    CHECK(error_of(g.vcpu_op(VCPUOP_up, 1)) == Errno::inval);
    CHECK(error_of(g.vcpu_op(99, 0)) == Errno::nosys);
}

TEST_CASE("SC-2 a vcpu is initialised once, by a context that was accepted") {
    Guest g;
    std::array<std::byte, 2 * page_size> context{};
    host::guest().map(Vaddr{argument_va}, context.data(), context.size());
    GuestPtr<u8> const arg{argument_va};
    host::vcpus().context_refused = Errno::inval;
    CHECK(error_of(g.vcpu_op(VCPUOP_initialise, 1, arg)) == Errno::inval);
    host::vcpus().context_refused = {};
    CHECK(g.vcpu_op(VCPUOP_initialise, 1, arg).value() == 0);
    CHECK(error_of(g.vcpu_op(VCPUOP_initialise, 1, arg)) == Errno::exist);
    CHECK(g.vcpu_op(VCPUOP_up, 1).value() == 0);
    CHECK(g.vcpu_op(VCPUOP_is_up, 1).value() == 1);
    CHECK(g.vcpu_op(VCPUOP_down, 1).value() == 0);
    CHECK(g.vcpu_op(VCPUOP_is_up, 1).value() == 0);
}

TEST_CASE("HC-9 vcpu_info moves once, with its contents, into one page of the guest's own") {
    Guest g;
    Mfn const frame = g.d.new_frame();
    auto move = [&](Mfn m, u32 offset) {
        return error_of(
            g.vcpu_op(VCPUOP_register_vcpu_info, 0, g.with(vcpu_register_vcpu_info_t{m.raw(), offset, 0})));
    };
    for (u32 const offset : {1u, 4u, 4033u, 4040u, 4096u, ~0u})
        CHECK(move(frame, offset) == Errno::nxio);
    CHECK(move(host::device_frame, 0) == Errno::inval);
    g.d.vcpu().info->evtchn_upcall_mask = 1;
    CHECK(move(frame, 4032) == Errno{});
    auto const* const info = reinterpret_cast<vcpu_info_t*>(machine::frame_as<std::byte>(frame) + 4032);
    CHECK(g.d.vcpu().info == info);
    CHECK(info->evtchn_upcall_mask == 1);
    CHECK(info->evtchn_upcall_pending == 1);
    CHECK(info->evtchn_pending_sel == ~u64{0});
    CHECK(info->time.tsc_to_system_mul != 0);
    CHECK((info->time.flags & XEN_PVCLOCK_TSC_STABLE_BIT) != 0);
    CHECK(mm::page_of(frame)->type_count() == 1);
    CHECK(move(frame, 0) == Errno::busy);
    CHECK(mm::page_of(frame)->type_count() == 1);
}

TEST_CASE("HC-9 a runstate area may cross a page and holds both until it is replaced") {
    Guest g;
    Mfn const first = g.d.new_frame(), second = g.d.new_frame();
    host::mapped_frames() = {{area_va, first}, {area_va + page_size, second}};
    auto at = [&](u64 va) {
        vcpu_register_runstate_memory_area_t op{};
        op.addr.p = va;
        return error_of(g.vcpu_op(VCPUOP_register_runstate_memory_area, 0, g.with(op)));
    };
    CHECK(at(0x999000) == Errno::fault);
    CHECK(at(machine::hypervisor_start) == Errno::fault);
    CHECK(at(area_va + page_size - 16) == Errno{});
    CHECK(mm::page_of(first)->type_count() == 1);
    CHECK(mm::page_of(second)->type_count() == 1);
    u64 entered = 0;
    std::memcpy(&entered, machine::frame_as<std::byte>(first) + page_size - 8, 8);
    CHECK(entered == static_cast<u64>(sched::times(g.d.vcpu()).entered));
    CHECK(at(area_va) == Errno{});
    CHECK(mm::page_of(second)->type_count() == 0);
    CHECK(at(0) == Errno{});
    CHECK(mm::page_of(first)->type_count() == 0);
}

TEST_CASE("HC-7 only a control domain ends another one") {
    Guest g;
    host::TestDomain other{2};
    sched_remote_shutdown_t const op{2, SHUTDOWN_poweroff};
    CHECK(error_of(hypercall::sched_op(g.d.vcpu(), SCHEDOP_remote_shutdown, g.with(op))) == Errno::perm);
    CHECK(other->life.load() == Domain::Life::running);
}

TEST_CASE("D5 operations on queues of events are unknown") {
    Guest g;
    constexpr std::array<u32, 3> queue_operations{EVTCHNOP_init_control, EVTCHNOP_expand_array,
                                                  EVTCHNOP_set_priority};
    for (u32 const operation : queue_operations)
        CHECK(hypercall::event_channel_op(g.d.vcpu(), operation, g.with(u64{0})).error() == Errno::nosys);
}

TEST_CASE("EV-1 every operation refuses ports that are not in use") {
    Guest g;
    for (u32 const port : {0u, 9u, EventChannels::max_ports - 1, EventChannels::max_ports, ~0u}) {
        CHECK(error_of(g.send(port)) == Errno::inval);
        for (u32 const cmd : {EVTCHNOP_close, EVTCHNOP_unmask})
            CHECK(error_of(hypercall::event_channel_op(g.d.vcpu(), cmd, g.with(port))) == Errno::inval);
        CHECK(error_of(hypercall::event_channel_op(g.d.vcpu(), EVTCHNOP_bind_vcpu,
                                                   g.with(evtchn_bind_vcpu_t{port, 0}))) == Errno::inval);
    }
}

TEST_CASE("the clock's factor turns ticks into nanoseconds for every frequency") {
    for (u32 const khz : {1000u, 999'999u, 1'000'000u, 1'000'001u, 2'000'000u, 2'597'094u, 5'000'000u}) {
        auto const scale = domains::clock_scale(khz);
        CHECK(scale.mul >> 31 == 1);
        u64 const ticks = u64{khz} * 1000 * 2;  // two seconds
        u64 const shifted = scale.shift < 0 ? ticks >> -scale.shift : ticks << scale.shift;
        u64 const ns = static_cast<u64>(static_cast<unsigned __int128>(shifted) * scale.mul >> 32);
        CHECK(ns >= 1'999'999'990);
        CHECK(ns <= 2'000'000'010);
    }
}
