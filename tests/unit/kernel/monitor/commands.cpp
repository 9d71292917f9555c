// SPDX-License-Identifier: MIT
#include "kernel/machine/irq.hpp"
#include "kernel/monitor/command.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <memory>
#include <string>
#include <vector>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

std::string ask(std::string_view command) {
    host::power_on();
    auto const answer = host::ask_monitor(command);
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
    CHECK(monitor::line_of_key('q') == "domains");
    CHECK(monitor::line_of_key('0') == "regs 0");
    CHECK(monitor::line_of_key('\0').empty());
    for (auto const& key : monitor::keys()) {
        CHECK(monitor::line_of_key(key.letter) == key.line);
        CHECK(monitor::find_command(monitor::Arguments{key.line}.command()) != nullptr);
    }
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
    CHECK(contains(json, "\x1e{\"t\":\"end\",\"rows\":1,\"lost\":0,\"at\":"));
}

TEST_CASE("a command that needs a domain says when there is none") {
    for (auto const* const c : {"ptdump", "ptentries"})
        CHECK(contains(ask(c), "error: which domain?"));
    for (auto const* const c : {"grants", "maptrack", "evtchn", "regs", "vcpus", "ptdump", "ptentries"}) {
        CHECK(contains(ask(std::string{c} + " 77"), "error: there is no domain 77"));
        CHECK(contains(ask(std::string{c} + " d99999999999"), "error: "));
    }
    CHECK(contains(ask("pt 1"), "error: which address?"));
    CHECK(contains(ask("ptentries 1 5 0"), "error: a level is 1 to 4"));
}

TEST_CASE("links sums what a domain has with each of its peers") {
    host::TestDomain one{1}, two{2};
    for (unsigned i = 0; i < 2; ++i)
        REQUIRE(evtchn::bind_interdomain(*two, *one, *evtchn::alloc_unbound(*one, DomId{2})).has_value());
    REQUIRE(evtchn::alloc_unbound(*one, DomId{2}).has_value());  // not bound: no link yet
    REQUIRE(one->grants.lock()->grow(1, one->memory).has_value());
    auto* const entry = machine::frame_as<grant_entry_v1_t>(one->grants.lock()->frame(0));
    entry[8] = {GTF_permit_access, 7, 1};
    std::string const json = ask("links -j");
    CHECK(contains(json, R"({"domain":1,"peer":2,"channels":2,"sends":0,"grants":0,"in_use":0})"));
    CHECK(contains(json, R"({"domain":1,"peer":7,"channels":0,"sends":0,"grants":1,"in_use":0})"));
    CHECK(contains(json, R"({"domain":2,"peer":1,"channels":2,"sends":0,"grants":0,"in_use":0})"));
    CHECK(contains(json, R"("rows":3)"));
}

TEST_CASE("frames names every owner, however many there are") {
    std::vector<std::unique_ptr<host::TestDomain>> guests;
    for (u16 id = 1; id <= 60; ++id)
        guests.emplace_back(std::make_unique<host::TestDomain>(id))->new_frame();
    std::string const text = ask("frames");
    CHECK(contains(text, "\nd60 "));
    CHECK_FALSE(contains(text, "more domains"));
}

TEST_CASE("one frame is described with all who hold it") {
    host::TestDomain guest{3};
    std::array<char, 40> command;
    auto const text = ask(text::format_to(command, "frames {:#x}", guest->shared_info_mfn));
    CHECK(contains(text, "d3       shared"));
    CHECK(contains(text, "shared_info"));
    CHECK(contains(ask("frames 0x99999999"), "error: frame 0x99999999 is not RAM"));
}

TEST_CASE("a domain is named by its number or its name") {
    host::TestDomain guest{3};
    guest->set_name("web");
    CHECK(ask("evtchn web") == ask("evtchn 3"));
    CHECK(ask("evtchn d3") == ask("evtchn 3"));
    CHECK(contains(ask("evtchn wed"), "there is no domain wed"));
}

TEST_CASE("both ends of an event channel are shown") {
    host::TestDomain one{1}, two{2};
    auto const port = *evtchn::alloc_unbound(*one, DomId{2});
    auto const other = *evtchn::bind_interdomain(*two, *one, port);
    REQUIRE(evtchn::send(*two, other).has_value());
    CHECK(contains(ask("evtchn 2 -j"),
                   R"("peer":"d1 port 1","peer_vcpu":0,"peer_pending":1,"peer_masked":0})"));
    CHECK(contains(ask("evtchn 1 -j"), R"("pending":1,"masked":0,"sends":0,"peer":"d2 port 1")"));
}

TEST_CASE("D12 audit agrees with a machine in order") {
    host::TestDomain const one{1};
    host::TestDomain two{2};
    two.new_frame();
    CHECK(ask("audit").starts_with("audit: ok ("));
}

TEST_CASE("D12 audit finds a reference that nobody accounts for, and says who has the frame") {
    host::TestDomain guest{2};
    guest->set_name("web");
    PageRef const stray = *PageRef::take(*mm::page_of(guest.new_frame()));
    std::string const text = ask("audit");
    CHECK(contains(text, "references   frame 0x"));
    CHECK(contains(text, "2        1 d2 web, none"));
    CHECK(contains(text, "\nHOLDER "));
    CHECK(contains(text, "audit: 1 differences"));
}

TEST_CASE("audit tells frames in a row that differ alike as one difference") {
    host::TestDomain guest{2};
    std::array<PageRef, 3> strays;
    std::array<u64, 3> frames{};
    for (usize i = 0; i < strays.size(); ++i) {
        Mfn const m = guest.new_frame();
        strays[i] = *PageRef::take(*mm::page_of(m));
        frames[i] = m.raw();
    }
    std::ranges::sort(frames);
    REQUIRE(frames[2] == frames[0] + 2);
    std::array<char, 60> buffer;
    std::string const text = ask("audit");
    CHECK(
        contains(text, std::string{text::format_to(buffer, "frames {:#x} to {:#x} ", frames[0], frames[2])}));
    CHECK(contains(text, "audit: 1 differences"));
}

TEST_CASE("an answer that is too long is cut at a line, and counted") {
    std::array<char, 400> room;
    monitor::Report report{room, false};
    for (unsigned i = 0; i < 100; ++i)
        report.note("line {}", i);
    report.end(0, 0);
    std::string const text{report.text()};
    CHECK(text.ends_with("more lines: ask for less\n"));
    CHECK(text.size() <= room.size());
}

TEST_CASE("what is said behind rows that are too many is not cut off with them") {
    static constexpr std::array columns{monitor::Column{"NUMBER", 6}};
    std::array<char, 4096> room;
    monitor::Report report{room, false};
    report.table(columns);
    for (unsigned i = 0; i < 1000; ++i)
        report.row({i});
    report.note("they were {}", report.rows());
    report.end(0, 0);
    std::string const text{report.text()};
    CHECK(contains(text, "\nthey were 1000\n"));
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
    REQUIRE(machine::map_gsi(17, dom0->id).has_value());
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
