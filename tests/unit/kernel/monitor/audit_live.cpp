// SPDX-License-Identifier: MIT
#include "kernel/monitor/audit_live.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/mm/budget.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/slices.hpp"
#include "kernel/monitor/visitor.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

using monitor::LiveAudit;
using State = LiveAudit::State;

// The end of an audit, between whose steps `meanwhile` runs.
State audit(
    LiveAudit& live, std::function<void()> const& meanwhile = [] {}) {
    State state = live.step();
    for (; state == State::going_on; state = live.step())
        meanwhile();
    return state;
}

std::string heard;
void hear(monitor::Answer a) {
    heard = a.text();
}

void go_on() {
    host::cpu().now += 1'000'000;
    timers::run_expired();
    Deferred::run_all();
}

void run_until_heard() {
    for (unsigned i = 0; i < 100'000 && heard.empty(); ++i)
        go_on();
}

}  // namespace

TEST_CASE("an audit in steps agrees with a machine in order") {
    host::power_on();
    host::TestDomain one{1}, two{2};
    two.new_frame();
    REQUIRE(evtchn::bind_interdomain(*two, *one, *evtchn::alloc_unbound(*one, DomId{2})).has_value());
    LiveAudit live;
    CHECK(audit(live) == State::in_order);
    CHECK(live.totals().channels == 2);
    CHECK(live.totals().frames > 0);
}

TEST_CASE("what changes while it is counted is counted again") {
    host::power_on();
    host::TestDomain guest{2};
    PageInfo& page = *mm::page_of(guest.new_frame());
    for (unsigned given_back_after = 1; given_back_after < 8; ++given_back_after) {
        LiveAudit live;
        std::optional<PageRef> held = *PageRef::take(page);
        unsigned steps = 0;
        CHECK(audit(live, [&] {
                  if (++steps == given_back_after)
                      held.reset();
              }) == State::in_order);
    }
}

TEST_CASE("D8 D12 what is set aside for nobody is found") {
    host::power_on();
    host::TestDomain guest{2};
    mm::Budget nobodys;
    REQUIRE(nobodys.resize(1).has_value());
    LiveAudit wrong;
    CHECK(audit(wrong) == State::in_doubt);
    nobodys.end();
    LiveAudit right;
    CHECK(audit(right) == State::in_order);
}

TEST_CASE("a count that stays wrong is left in doubt") {
    host::power_on();
    host::TestDomain guest{2};
    PageRef const stray = *PageRef::take(*mm::page_of(guest.new_frame()));
    LiveAudit live;
    CHECK(audit(live) == State::in_doubt);
}

TEST_CASE("whoever waits for an audit is told its end, exactly where it was in doubt") {
    host::power_on();
    host::TestDomain guest{2};
    heard.clear();
    monitor::slices::begin(monitor::questions::Asker::terminal, "audit -j", hear);
    CHECK(heard.empty());
    run_until_heard();
    CHECK(heard.find(R"({"note":"audit: ok ()") != std::string::npos);
    heard.clear();
    PageRef const stray = *PageRef::take(*mm::page_of(guest.new_frame()));
    monitor::slices::begin(monitor::questions::Asker::terminal, "audit", hear);
    run_until_heard();
    CHECK(heard.find("audit: 1 differences") != std::string::npos);
    heard.clear();
    mm::Budget nobodys;
    REQUIRE(nobodys.resize(1).has_value());
    monitor::slices::begin(monitor::questions::Asker::terminal, "audit", hear);
    run_until_heard();
    CHECK(heard.find("set aside") != std::string::npos);
    CHECK(heard.find("audit: 2 differences") != std::string::npos);
}

TEST_CASE("a domain that asks by hypercall comes back until its audit is done") {
    host::power_on();
    auto answer = monitor::ask_or_come_back("audit -v");
    unsigned times = 1;
    for (; !answer && answer.error() == Errno::again; answer = monitor::ask_or_come_back("audit -v")) {
        go_on();
        ++times;
    }
    REQUIRE(answer.has_value());
    CHECK(times > 5);
    CHECK(answer->text().starts_with("audit: ok ("));
    CHECK(monitor::ask_or_come_back("audit -v").error() == Errno::again);  // another one
    CHECK(monitor::ask_or_come_back("time").error() == Errno::again);      // one at a time
    while (!monitor::ask_or_come_back("audit -v"))
        go_on();
    CHECK(monitor::ask_or_come_back("time").has_value());
}

TEST_CASE("frames that go from hand to hand all the time are told from mistakes") {
    host::power_on();
    host::TestDomain guest{2};
    std::array<PageInfo*, 16> pages{};
    for (PageInfo*& page : pages)
        page = mm::page_of(guest.new_frame());
    std::array<std::optional<PageRef>, 16> held;
    unsigned steps = 0;
    LiveAudit live;
    // Ever fewer of them, but some for more than three rounds.
    CHECK(audit(live, [&] {
              usize const busy = steps / 400 < held.size() ? held.size() - steps / 400 : 0;
              for (usize i = 0; i < held.size(); ++i) {
                  bool const hold = i < busy && steps % 2 == 0;
                  hold ? static_cast<void>(held[i] = *PageRef::take(*pages[i])) : held[i].reset();
              }
              ++steps;
          }) == State::in_order);
}
