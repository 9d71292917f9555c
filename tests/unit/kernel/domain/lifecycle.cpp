// SPDX-License-Identifier: MIT
#include "kernel/domain/lifecycle.hpp"

#include <catch2/catch_test_macros.hpp>

#include "kernel/domain/budgets.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/heap.hpp"
#include "kernel/sync/deferred.hpp"
#include "tests/host/console.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

using host::TestDomain;

constexpr Privileges control{.control = true};

bool exists(u16 id) {
    return domains::find(DomId{id}).has_value();
}

// Tears down with an interruption at every chance; how many there were.
unsigned destroy_in_pieces(Domain& d) {
    host::cpu().preempt = [] { return true; };
    unsigned pieces = 1;
    for (Result<> r = domains::destroy(d); !r; r = domains::destroy(d)) {
        REQUIRE(r.error() == Errno::restart);
        ++pieces;
    }
    host::cpu().preempt = {};
    return pieces;
}

}  // namespace

TEST_CASE("a new domain is paused, masks its events and knows the time") {
    host::power_on();
    auto d = *domains::create(DomId{5}, {}, 2, 4, 4);
    CHECK(d->pause_count.load() == 1);
    CHECK_FALSE(d->may_run());
    CHECK(d->name_view() == "domain-5");
    CHECK(d->shared_info()->vcpu_info[31].evtchn_upcall_mask == 1);
    CHECK(d->vcpu(1)->info == &d->shared_info()->vcpu_info[1]);
    CHECK(d->vcpu(2) == nullptr);
    CHECK(d->vcpu(0)->info->time.tsc_to_system_mul != 0);
    REQUIRE(domains::destroy(*d));
    d = {};
    domains::reap();
}

TEST_CASE("HC-1 what cannot be a domain is refused") {
    host::power_on();
    CHECK(domains::create(DomId{DOMID_FIRST_RESERVED}, {}, 1, 4, 4).error() == Errno::inval);
    CHECK(domains::create(DomId{1}, {}, 0, 4, 4).error() == Errno::inval);
    CHECK(domains::create(DomId{1}, {}, max_vcpus_per_domain + 1, 4, 4).error() == Errno::inval);
    TestDomain const one{1};
    CHECK(domains::create(DomId{1}, {}, 1, 4, 4).error() == Errno::exist);
}

TEST_CASE("D8 what a domain may ask for is set aside when it is made, until it has ended") {
    host::power_on();
    u64 const before = mm::promised_frame_count();
    auto d = *domains::create(DomId{5}, {}, 1, 4, 7);
    constexpr u64 channels = EventChannels::max_ports * sizeof(Channel) / page_size;
    u64 const promised = u64{4} * 3 + 7 + channels;
    CHECK(domains::promised_frames(*d) == promised);
    CHECK(mm::promised_frame_count() == before + promised);
    REQUIRE(d->grants.lock()->grow(2, d->memory).has_value());
    CHECK(mm::promised_frame_count() == before + promised - 6);
    REQUIRE(domains::destroy(*d));
    CHECK(mm::promised_frame_count() == before);  // though there are references to it
    d = {};
    domains::reap();
}

TEST_CASE("D8 a domain that memory is not enough for is refused, and nothing stays set aside") {
    host::power_on();
    u64 const promised = mm::promised_frame_count(), free = mm::free_frame_count();
    mm::Budget others;
    for (u64 left : {0u, 10u, 25u, 50u}) {
        REQUIRE(others.resize(mm::unpromised_frame_count() + others.promised() - left).has_value());
        CHECK(domains::create(DomId{5}, {}, 1, 4, 7).error() == Errno::nomem);
        CHECK(mm::unpromised_frame_count() == left);
        CHECK(mm::free_frame_count() == free);
    }
    others.end();
    CHECK(mm::promised_frame_count() == promised);
    TestDomain const there_is_enough{5};
}

TEST_CASE("HC-7 a domain resolves itself by any name, and others only with the right") {
    TestDomain toolstack{0, control};
    TestDomain guest{3};
    TestDomain other{4};
    CHECK((*domains::resolve(*guest, DomId{DOMID_SELF}))->id == DomId{3});
    CHECK((*domains::resolve(*guest, DomId{3}))->id == DomId{3});
    CHECK(domains::resolve(*guest, DomId{4}).error() == Errno::perm);
    CHECK(domains::resolve(*guest, DomId{99}).error() == Errno::srch);
    CHECK((*domains::resolve(*toolstack, DomId{4}))->id == DomId{4});
    CHECK(domains::resolve(*toolstack, DomId{99}).error() == Errno::srch);
    CHECK((*domains::resolve_peer(*guest, DomId{4}))->id == DomId{4});
}

TEST_CASE("SC-4 pauses nest, and cannot be undone more often than done") {
    TestDomain d{1};
    domains::pause(*d);
    domains::pause(*d);
    CHECK(domains::unpause(*d));
    CHECK_FALSE(d->may_run());
    CHECK(domains::unpause(*d));
    CHECK(d->may_run());
    CHECK(domains::unpause(*d).error() == Errno::inval);
}

TEST_CASE("a shutdown is reported once, with the name") {
    TestDomain const toolstack{0, control};
    TestDomain d{2};
    d->set_name("web");
    host::serial_line().clear();
    domains::shutdown(*d, SHUTDOWN_reboot);
    domains::shutdown(*d, SHUTDOWN_poweroff);
    CHECK(d->shutdown_code == SHUTDOWN_reboot);
    CHECK(host::serial_line() == "(GR) d2 web shut down: reboot\r\n");
    CHECK_FALSE(d->may_run());
}

TEST_CASE("a crash says why, and what the guest had not finished saying") {
    TestDomain const toolstack{0, control};
    TestDomain d{2};
    static_cast<void>(d->text.lock()->put('x'));
    host::serial_line().clear();
    domains::crash(*d, "it went wrong");
    CHECK(host::serial_line().starts_with("(d2) x\r\n(GR) d2 domain-2 crashed: it went wrong\r\n"));
    CHECK(host::serial_line().ends_with("(GR) d2 domain-2 shut down: crash\r\n"));
}

// The order of locks is checked as on a machine: a wrong one would end it instead.
TEST_CASE("D11 a guest is ended under whatever lock is held when its tables are looked at") {
    TestDomain const toolstack{0, control}, guest{2};
    auto const end = [&] {
        host::cpu().current = &guest.vcpu();
        REQUIRE(lock_order::held() != 0);
        domains::crash(*guest, "lost count");
        host::cpu().current = nullptr;
    };
    SECTION("grants") {
        auto const lock = guest->grants.lock();
        end();
    }
    SECTION("handles") {
        auto const lock = guest->maptrack.lock();
        end();
    }
    SECTION("both ends of a channel") {
        with_both(guest->events, 2, toolstack->events, 0, [&](EventChannels&, EventChannels&) { end(); });
    }
    CHECK(lock_order::held() == 0);
    CHECK(guest->shutdown_code == SHUTDOWN_crash);
    CHECK_FALSE(guest->may_run());
}

TEST_CASE("CN-2 a name cannot carry control bytes") {
    TestDomain d{2};
    d->set_name("a\x1b[2J b");
    CHECK(d->name_view() == "a?[2J?b");
    d->set_name(std::string(100, 'n'));
    CHECK(d->name_view().size() == d->name.size() - 1);
}

TEST_CASE("only a suspended guest resumes") {
    TestDomain const toolstack{0, control};
    TestDomain d{2};
    CHECK(domains::resume(*d).error() == Errno::inval);
    domains::shutdown(*d, SHUTDOWN_suspend);
    CHECK(domains::resume(*d));
    CHECK(d->may_run());
    domains::shutdown(*d, SHUTDOWN_poweroff);
    CHECK(domains::resume(*d).error() == Errno::inval);
}

TEST_CASE("the end of the initial domain is the end of the machine") {
    TestDomain d{0, control};
    CHECK_THROWS_AS(domains::shutdown(*d, SHUTDOWN_poweroff), host::MachineEnd);
}

TEST_CASE("LC-1 teardown may be interrupted anywhere and repeated") {
    host::power_on();
    TestDomain const toolstack{0, control};
    u64 const frames = mm::free_frame_count();
    u64 const heap = mm::heap_bytes_in_use();
    {
        TestDomain d{6, {}, 3};
        for (unsigned i = 0; i < 100; ++i)
            d.new_frame();
        CHECK(destroy_in_pieces(*d) > 3);
        CHECK(domains::destroy(*d));
    }
    CHECK_FALSE(exists(6));
    CHECK(mm::free_frame_count() == frames);
    CHECK(mm::heap_bytes_in_use() == heap);
}

TEST_CASE("LC-2 an id is not used again before the last reference has gone") {
    host::power_on();
    TestDomain const toolstack{0, control};
    auto d = *domains::create(DomId{6}, {}, 1, 4, 4);
    REQUIRE(domains::destroy(*d));
    CHECK_FALSE(exists(6));
    CHECK(domains::create(DomId{6}, {}, 1, 4, 4).error() == Errno::exist);
    d = {};
    TestDomain const again{6};
    CHECK(exists(6));
}

TEST_CASE("a dead domain goes when its last reference has, whoever held it") {
    host::power_on();
    TestDomain const toolstack{0, control};
    auto d = *domains::create(DomId{6}, {}, 1, 4, 4);
    REQUIRE(domains::destroy(*d));
    Deferred::run_all();
    CHECK(domains::next_from(DomId{6}));
    d = {};
    Deferred::run_all();
    CHECK_FALSE(domains::next_from(DomId{6}));
}

TEST_CASE("LC-2 a frame that others hold keeps the id taken") {
    host::power_on();
    TestDomain const toolstack{0, control};
    PageRef held;
    {
        TestDomain d{6};
        held = *PageRef::take(*mm::page_of(d.new_frame()));
    }
    CHECK(domains::create(DomId{6}, {}, 1, 4, 4).error() == Errno::exist);
    held.reset();
    TestDomain const again{6};
}
