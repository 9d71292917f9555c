// SPDX-License-Identifier: MIT
#include "kernel/monitor/command.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <string>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/session.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

std::string ask(std::string_view command) {
    host::power_on();
    auto const answer = monitor::run(command);
    return std::string{answer.text()};
}

bool contains(std::string const& s, std::string_view part) {
    return s.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("help lists every command, and one of them when asked") {
    std::string const all = ask("help");
    for (auto const& c : monitor::commands())
        CHECK(contains(all, std::string{"\n"} + std::string{c.name} + " "));
    CHECK_FALSE(contains(ask("help audit"), "\ndomains"));
}

TEST_CASE("an unknown command is answered with the nearest one") {
    CHECK(contains(ask("domain"), "no command 'domain': did you mean 'domains'?"));
    CHECK(contains(ask("vcpu -j"), R"({"error":"no command 'vcpu': did you mean 'vcpus'?)"));
    CHECK(ask("").empty());
}

TEST_CASE("debug keys are Xen's, and each belongs to one command") {
    CHECK(monitor::find_key('q')->name == "domains");
    CHECK(monitor::find_key('h')->name == "help");
    CHECK(monitor::find_key('\0') == nullptr);
    for (auto const& c : monitor::commands())
        if (c.key != 0)
            CHECK(monitor::find_key(c.key) == &c);
}

TEST_CASE("domains says the same in text and in JSON") {
    host::TestDomain guest{3};
    guest->set_name("web");
    guest.new_frame();
    std::string const text = ask("domains");
    CHECK(text.starts_with("   ID NAME "));
    CHECK(contains(text, "    3 web                      running          1      256     1"));
    std::string const json = ask("domains -j");
    CHECK(json.starts_with("\x1e{\"t\":\"begin\",\"cmd\":\"domains -j\",\"schema\":1}\n"));
    CHECK(contains(json, "\n\x1e{\"id\":3,\"name\":\"web\",\"state\":\"running\",\"pages\":1,"));
    CHECK(contains(json, "\x1e{\"t\":\"end\",\"rows\":1,\"lost\":0,\"ns\":"));
}

TEST_CASE("a command that needs a domain says when there is none") {
    for (auto const* const c : {"grants", "maptrack", "evtchn", "regs", "ptdump"}) {
        CHECK(contains(ask(c), "error: which domain?"));
        CHECK(contains(ask(std::string{c} + " 77"), "error: there is no domain 77"));
        CHECK(contains(ask(std::string{c} + " d99999999999"), "error: "));
    }
    CHECK(contains(ask("pt 1"), "error: which address?"));
}

TEST_CASE("one frame is described with all who hold it") {
    host::TestDomain guest{3};
    std::array<char, 40> command;
    auto const text = ask(text::format_to(command, "frames {:#x}", guest->shared_info_mfn));
    CHECK(contains(text, "d3       shared"));
    CHECK(contains(text, "shared_info"));
    CHECK(contains(ask("frames 0x99999999"), "error: frame 0x99999999 is not RAM"));
}

TEST_CASE("audit agrees with a machine in order") {
    host::TestDomain const one{1};
    host::TestDomain two{2};
    two.new_frame();
    CHECK(ask("audit").starts_with("audit: ok ("));
}

TEST_CASE("audit finds a reference that nobody accounts for") {
    host::TestDomain guest{2};
    PageRef const stray = *PageRef::take(*mm::page_of(guest.new_frame()));
    std::string const text = ask("audit");
    CHECK(contains(text, "references"));
    CHECK(contains(text, "audit: 1 differences"));
}

TEST_CASE("an answer that is too long is cut at a line, and counted") {
    std::array<char, 400> room;
    monitor::Report report{room, false};
    for (unsigned i = 0; i < 100; ++i)
        report.note("line {}", i);
    report.end(0);
    std::string const text{report.text()};
    CHECK(text.ends_with("more lines: ask for less\n"));
    CHECK(text.size() <= room.size());
}

TEST_CASE("any command line gets an answer") {
    host::TestDomain const guest{3};
    rc::prop("any words", [](std::string const& s) {
        if (!s.starts_with("panic"))
            ask(s);
    });
}

TEST_CASE("cpus tells what each CPU runs and what it was interrupted by") {
    CHECK(contains(ask("cpus"), "CPU RUNS"));
    CHECK(contains(ask("cpus -j"), R"("cpu":0,"runs":"-","waiting":0,"idle_ms":0,"interrupts":)"));
}

TEST_CASE("irqs counts by kind and names the port a device's interrupt goes to") {
    host::TestDomain dom0{0, {true, true, true}};
    EvtchnPort const port = *evtchn::bind_pirq(*dom0, 17, true);
    auto const row = [&](std::string_view state, std::string_view to) {
        return R"({"what":"wire 17","vector":"0x51","count":81,"trigger":"level","state":")" +
               std::string{state} + R"(","port":")" + std::string{to} + "\"}";
    };
    std::string const open = ask("irqs -j");
    CHECK(contains(open, R"({"what":"timer","vector":"0xf0","count":240,)"));
    CHECK(contains(open, R"({"what":"unknown","vector":"-","count":3,)"));
    CHECK(contains(open, row("open", "d0 port " + std::to_string(port.raw()))));
    REQUIRE(evtchn::close(*dom0, port).has_value());
    CHECK(contains(ask("irqs -j"), row("closed", "-")));
}

TEST_CASE("SC-4 freeze stops every running domain once, and thaw only undoes that") {
    host::TestDomain one{1}, two{2};
    domains::pause(*two);
    CHECK(contains(ask("freeze"), "2 domains stopped"));
    CHECK(contains(ask("freeze"), "0 domains stopped"));
    CHECK_FALSE(one->may_run());
    CHECK(contains(ask("thaw -j"), R"({"note":"2 domains go on"})"));
    CHECK(one->may_run());
    CHECK_FALSE(two->may_run());
    CHECK(contains(ask("thaw"), "0 domains go on"));
    CHECK_FALSE(two->may_run());
    CHECK(domains::unpause(*two).has_value());
}
