// SPDX-License-Identifier: MIT
// The monitor's `trace`: on, off, and what there is to see.
#include "kernel/trace/trace.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/trace/words.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

using trace::Kind;

std::string ask(std::string_view command) {
    auto const answer = host::ask_monitor(command);
    return std::string{answer.text()};
}

bool contains(std::string const& s, std::string_view part) {
    return s.find(part) != std::string::npos;
}

void happen(u32 cpu, Nanos when, Kind kind, trace::Who who, u64 a = 0, u64 b = 0) {
    host::cpu().id = CpuId{cpu};
    host::cpu().now = when;
    trace::note(
        kind, [&] { return who; }, a, b);
    host::cpu().id = CpuId{0};
}

// Two CPUs, nothing traced so far in this test.
struct Machine {
    Machine() {
        host::power_on();
        host::cpu().online = 2;
        trace::set_call_names([](u64 nr) { return std::string_view{nr == 32 ? "event_channel_op" : ""}; });
    }
    ~Machine() { trace::stop(); }
};

}  // namespace

TEST_CASE("events of all CPUs are shown in the order of time, with words") {
    Machine const machine;
    CHECK(contains(ask("trace on"), "tracing is on"));
    CHECK(contains(ask("trace"), "error: there are no events: 'trace on' begins"));
    happen(0, 100, Kind::call, {1, 0}, 32, 4);
    happen(1, 150, Kind::run, {2, 1});
    happen(0, 200, Kind::send, {1, 0}, trace::of_domain(2, 7));
    happen(1, 250, Kind::interrupt, {}, 0xf0);
    happen(0, 300, Kind::done, {1, 0}, 32, static_cast<u64>(-22));
    std::string const text = ask("trace");
    std::array<std::string_view, 5> const lines{"d1v0      call", "d2v1      run", "to d2 port 7",
                                                "-         interrupt", "event_channel_op = -22"};
    usize at = 0;
    for (auto const line : lines) {
        INFO(line << " in\n" << text);
        usize const found = text.find(line, at);
        REQUIRE(found != std::string::npos);
        at = found;
    }
    CHECK_FALSE(contains(ask("trace 1"), "interrupt"));
    CHECK(contains(ask("trace 257"), "error: 1 to 256 events at a time"));
    CHECK(contains(ask("trace 1 -j"),
                   "{\"ns\":300,\"cpu\":0,\"number\":2,\"who\":\"d1v0\",\"event\":\"done\",\"a\":\"0x20\""));
}

TEST_CASE("only what is asked for is traced, and nothing when off") {
    Machine const machine;
    CHECK(contains(ask("trace on map unmap"), "tracing is on"));
    happen(0, 1, Kind::call, {1, 0}, 32);
    happen(0, 2, Kind::map, {0, 0}, trace::of_domain(3, 9), 0x1234);
    CHECK(contains(ask("trace"), "gref 9 of d3, frame 0x1234"));
    CHECK_FALSE(contains(ask("trace"), "call"));
    CHECK(contains(ask("trace off"), "tracing is off"));
    happen(0, 3, Kind::unmap, {0, 0}, trace::of_domain(3, 9), 0x1234);
    CHECK_FALSE(contains(ask("trace"), "unmap"));
    CHECK(contains(ask("trace on mop"), "error: 'mop' is no kind of event: run stop call"));
}

TEST_CASE("programs read one CPU's events from a number on") {
    Machine const machine;
    ask("trace on");
    auto const before = trace::extent(CpuId{1}).first;
    for (u64 n = 0; n < 300; ++n)
        happen(1, static_cast<Nanos>(n), Kind::fault, {4, 0}, n);
    auto const from = [](u64 n) { return "trace cpu 1 " + std::to_string(n) + " -j"; };
    CHECK(contains(ask(from(before)), "\"rows\":256"));
    CHECK(contains(ask(from(before + 256)), "\"rows\":44"));
    CHECK(contains(ask("trace cpu 2 0"), "error: which CPU"));
    CHECK(contains(ask("trace cpu 1"), "error: which CPU"));
}
