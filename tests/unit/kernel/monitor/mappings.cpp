// SPDX-License-Identifier: MIT
// Page tables as the monitor shows them: one walk, one table, a whole space.
#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/monitor/tables.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"
#include "tests/host/type_ops.hpp"
#include "tests/host/vcpu.hpp"

namespace {

constexpr u64 present = 1, writable = 2, user = 4, accessed = 0x20, no_execution = u64{1} << 63;
constexpr u64 rights = present | writable | user | accessed;

bool contains(std::string const& s, std::string_view part) {
    return s.find(part) != std::string::npos;
}

// A vcpu whose tables map three pages from 0x600000 on, and a device behind them.
class Guest {
    host::ValidTables const tables_;
    host::TestDomain domain_{3};

    Mfn below(Mfn table, unsigned slot) {
        Mfn const next = domain_.new_frame();
        machine::frame_as<u64>(table)[slot] = maddr_of(next).raw() | rights;
        return next;
    }

  public:
    Mfn const l4 = domain_.new_frame();
    Mfn const l3 = below(l4, 0), l2 = below(l3, 0), l1 = below(l2, 3);
    Mfn const first = domain_.new_frame();
    TypeRef root = *TypeRef::take(*mm::page_of(l4), PageType::l4, domain_->memory);

    Guest() {
        auto* const entries = machine::frame_as<u64>(l1);
        for (unsigned i = 0; i < 2; ++i)
            entries[i] = maddr_of(first + i).raw() | rights;
        entries[2] = maddr_of(first).raw() | present | no_execution;
        entries[7] = maddr_of(host::device_frame).raw() | present | 0x18;
        // As the hypervisor's own slots: never shown.
        machine::frame_as<u64>(l4)[256] = maddr_of(l3).raw() | rights;
        domain_.vcpu().initialised = true;
        host::vcpus().root = maddr_of(l4);
    }
    ~Guest() { host::vcpus() = {}; }
    Guest(Guest const&) = delete;

    [[nodiscard]] PageOwner& memory() const { return domain_->memory; }
    static std::string ask(std::string_view question) {
        return std::string{host::ask_monitor(question).text()};
    }
};

std::string hex(Mfn m) {
    std::array<char, 24> buffer;
    return std::string{text::format_to(buffer, "\"{:#x}\"", m)};
}

}  // namespace

TEST_CASE("pt goes down all levels to the page, and says who has each") {
    Guest const g;
    auto const text = Guest::ask("pt 3 0x600000 -j");
    for (Mfn const m : {g.l3, g.l2, g.l1, g.first})
        CHECK(contains(text, "\"mfn\":" + hex(m)));
    CHECK(contains(text, R"("level":1,"slot":0)"));
    CHECK(contains(text, R"("owner":"d3")"));
    CHECK(contains(Guest::ask("pt 3 0x600000 -v"), "writable, user, executable, accessed"));
    CHECK(contains(Guest::ask("pt 3 0x602000 -v"), "read-only, kernel only, no execution"));
}

TEST_CASE("pt ends where nothing is mapped, at a device, and at the hypervisor's slots") {
    Guest const g;
    CHECK(contains(Guest::ask("pt 3 0x603000"), "absent"));
    CHECK(contains(Guest::ask("pt 3 0x40000000"), "absent"));
    auto const device = Guest::ask("pt 3 0x607000 -v");
    CHECK(contains(device, "device"));
    CHECK(contains(device, "write-through, cache disabled"));
    CHECK(contains(Guest::ask("pt 3 0xffff800000000000"), "this slot belongs to the hypervisor"));
}

TEST_CASE("pt needs an address and a vcpu that has started") {
    Guest const g;
    CHECK(contains(Guest::ask("pt 3"), "error: which address?"));
    CHECK(contains(Guest::ask("pt 9 0"), "error: there is no domain 9"));
    CHECK(contains(Guest::ask("pt 3 0 5"), "error: it has no such virtual CPU"));
    host::vcpus().root = Maddr{0};
    CHECK(contains(Guest::ask("pt 3 0"), "or it has not started"));
}

TEST_CASE("ptdump joins pages of the same rights, wherever they lead") {
    Guest const g;
    auto const all = Guest::ask("ptdump 3 -j");
    CHECK(contains(all, R"("start":"0x600000","end":"0x601fff","pages":2)"));
    CHECK(contains(all, R"("start":"0x602000","end":"0x602fff","pages":1)"));
    CHECK(contains(all, R"("start":"0x607000","end":"0x607fff","pages":1)"));
    CHECK(contains(all, R"("rows":3)"));
    CHECK(contains(Guest::ask("ptdump 3 0x602000 0x606fff -j"), R"("rows":1)"));
    CHECK(contains(Guest::ask("ptdump 3 0 0 7"), "error: "));
}

TEST_CASE("ptdump of tables linked over and over stops, and says where to go on") {
    Guest const g;
    for (unsigned slot = 0; slot < 512; ++slot)
        machine::frame_as<u64>(g.l2)[slot] = maddr_of(g.l1).raw() | rights;
    for (unsigned slot = 0; slot < 8; ++slot)
        machine::frame_as<u64>(g.l3)[slot] = maddr_of(g.l2).raw() | rights;
    CHECK(contains(Guest::ask("ptdump 3"), "stopped: go on with FROM 0x"));
}

TEST_CASE("ptdump stops where the address space has ended meanwhile") {
    Guest g;
    g.root.reset();
    CHECK(contains(Guest::ask("ptdump 3"), "stopped at 0x0: the address space has ended"));
}

TEST_CASE("ptentries lists one table, neighbours in one row") {
    Guest const g;
    auto const leaves = Guest::ask("ptentries 3 1 0x600000 -j");
    CHECK(contains(leaves, R"("slot":0,"count":2,"va":"0x600000")"));
    CHECK(contains(leaves, R"("slot":2,"count":1,"va":"0x602000")"));
    CHECK(contains(leaves, R"("owner":"device")"));
    auto const top = Guest::ask("ptentries 3 -j");
    CHECK(contains(top, "\"mfn\":" + hex(g.l3)));
    CHECK(contains(top, R"("rows":1)"));
    CHECK(contains(Guest::ask("ptentries 3 1 0x40000000"), "error: there is no table of level 1"));
    CHECK(contains(Guest::ask("ptentries 3 3 0xffff800000000000"), "error: there is no table of level 3"));
}

TEST_CASE("every flag of an entry has its word") {
    monitor::FlagWords room;
    CHECK(monitor::flag_words({0xfffull | no_execution}, 1, room) ==
          "writable, user, no execution, write-through, cache disabled, accessed, dirty, global, "
          "software bit 9, software bit 10, software bit 11, PAT");
    CHECK(monitor::flag_words({present | 0x80}, 2, room) ==
          "read-only, kernel only, executable, not accessed, large page");
    CHECK(std::string{monitor::flag_letters({0x7f}).data()} == "rwxuADC");
}

TEST_CASE("a frame is shown with the entries that name it, and where they lead from") {
    Guest const g;
    std::array<TypeRef, 4> held;
    std::array const levels{std::pair{g.l1, PageType::l1}, std::pair{g.l2, PageType::l2},
                            std::pair{g.l3, PageType::l3}, std::pair{g.l4, PageType::l4}};
    for (usize i = 0; i < held.size(); ++i)
        held[i] = *TypeRef::take(*mm::page_of(levels[i].first), levels[i].second, g.memory());
    std::array<char, 40> buffer;
    auto const shown = Guest::ask(text::format_to(buffer, "frames {:#x}", g.first));
    CHECK(contains(shown, "0x600000"));
    CHECK(contains(shown, "0x602000"));
    held[2].reset();
    held[3].reset();
    CHECK_FALSE(contains(Guest::ask(text::format_to(buffer, "frames {:#x}", g.first)), "0x600000"));
}

TEST_CASE("registers are shown of vcpus that have started") {
    Guest const g;
    std::array<char, 40> buffer;
    CHECK(contains(Guest::ask("regs 3"), text::format_to(buffer, "{:#x}", maddr_of(g.l4))));
    CHECK(contains(Guest::ask("regs 3 0 -j"), R"("register":"rip")"));
    CHECK(contains(Guest::ask("regs 3 1"), "error: there is no such virtual CPU"));
    CHECK(contains(Guest::ask("vcpus 3"), "d3v0"));
}

TEST_CASE("stretches are measured when that is asked for") {
    CHECK(contains(Guest::ask("stretches on"), "stretches are measured"));
    CHECK(contains(Guest::ask("stretches"), "CALL"));
    CHECK(contains(Guest::ask("stretches off"), "stretches are kept"));
    CHECK(contains(Guest::ask("stretches of"), "error: on, off, or nothing"));
}
