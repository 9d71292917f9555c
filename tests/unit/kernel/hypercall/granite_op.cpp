// SPDX-License-Identifier: MIT
// What the driver domain asks by the one extension: marks, from the hypercall to
// words in the trace, names, the monitor, the keyboard.
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <string>

#include "kernel/abi/granite_op.hpp"
#include "kernel/abi/mark.hpp"
#include "kernel/console/input.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/monitor/session.hpp"
#include "kernel/trace/words.hpp"
#include "tests/host/console.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/trace.hpp"
#include "tests/unit/kernel/hypercall/guest_buffer.hpp"

namespace {

using mark::Mark;
using mark::Step;

constexpr u64 extension = 48;

s64 note(Vcpu& v, Mark const& m) {
    auto const words = mark::pack(m);
    hypercall::Args args{granite_op::mark, words.a, words.b};
    return static_cast<s64>(hypercall::dispatch(v, extension, args).value);
}

// The driver domain and its memory.
struct Driver {
    host::TestDomain domain{0, {.control = true, .console = true}};
    test::GuestBuffer memory;

    Result<s64> call(u32 operation, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0) {
        return hypercall::granite_op(domain.vcpu(), operation, a, b, c, d);
    }
    Result<s64> name(u64 id, std::string_view text) {
        return call(granite_op::set_name, id, memory.put_text(text).raw(), text.size());
    }
    Result<s64> ask(std::string_view command, u64 room) {
        return call(granite_op::monitor, memory.put_text(command).raw(), command.size(), answer_at, room);
    }
    static constexpr u64 answer_offset = page_size;
    u64 const answer_at = test::GuestBuffer::at(answer_offset).raw();
};

std::string words_of(Mark const& m) {
    auto const [a, b] = mark::pack(m);
    trace::Words buffer;
    return std::string{
        trace::meaning_of({.time = 0, .kind = trace::Kind::mark, .who = {}, .a = a, .b = b}, buffer)};
}

}  // namespace

TEST_CASE("a mark is noted while marks are wanted, and says whether they are") {
    host::power_on();
    host::TestDomain d{0};
    d->priv.control = d->priv.console = true;
    Vcpu& v = *d->vcpu(0);
    Mark const taken{.step = Step::tx_taken, .owner = 3, .count = 2, .first = 7};
    CHECK(note(v, taken) == 0);
    host::start_trace(trace::bit(trace::Kind::mark));
    CHECK(note(v, {}) == 1);
    CHECK(note(v, taken) == 1);
    auto const extent = trace::extent(CpuId{0});
    REQUIRE(extent.end == extent.first + 1);
    auto const noted = trace::read(CpuId{0}, extent.first);
    REQUIRE(noted);
    CHECK(noted->who == trace::Who{0, 0});
    CHECK(mark::unpack({noted->a, noted->b}) == taken);
    trace::stop();
}

TEST_CASE("only the driver domain makes marks") {
    host::power_on();
    host::TestDomain d{3};
    CHECK(note(*d->vcpu(0), {.step = Step::sent}) == -static_cast<s64>(Errno::perm));
}

TEST_CASE("a domain that has a card of its own may follow frames, and nothing more") {
    host::power_on();
    host::TestDomain d{3};
    auto const call = [&](u64 operation) {
        hypercall::Args args{operation};
        return static_cast<s64>(hypercall::dispatch(*d->vcpu(0), extension, args).value);
    };
    constexpr s64 refused = -static_cast<s64>(Errno::perm);
    for (u64 operation = granite_op::ready; operation <= granite_op::events; ++operation)
        CHECK(call(operation) == refused);
    REQUIRE(d->devices.add() != nullptr);
    for (u64 operation = granite_op::ready; operation < granite_op::walk; ++operation)
        CHECK(call(operation) == refused);
    CHECK(call(granite_op::walk) == 0);
    CHECK(call(granite_op::events) == 0);
}

TEST_CASE("a mark goes into two words and comes back, and any two words can be shown") {
    rc::prop("any mark", [](u8 queue, u16 owner, u16 count, u32 first, bool told) {
        Mark const m{
            static_cast<Step>(*rc::gen::inRange<u8>(0, mark::steps)), told, queue, owner, count, first};
        RC_ASSERT(mark::unpack(mark::pack(m)) == m);
    });
    rc::prop("any words", [](u64 a, u64 b) {
        trace::Words buffer;
        static_cast<void>(
            trace::meaning_of({.time = 0, .kind = trace::Kind::mark, .who = {}, .a = a, .b = b}, buffer));
    });
    CHECK(words_of(
              {.step = Step::rx_pushed, .notified = true, .queue = 1, .owner = 2, .count = 3, .first = 9}) ==
          "d2 rx 1: 3 responses, 9 on, told");
    CHECK(words_of({.step = Step::decided, .owner = 0, .first = mark::nowhere}) == "port 0 to nowhere");
    CHECK(words_of({.step = Step::decided, .owner = 0, .first = 2}) == "port 0 to port 2");
}

TEST_CASE("that the guests are started is said on the serial line") {
    Driver driver;
    host::serial_line().clear();
    CHECK(driver.call(granite_op::ready) == 0);
    CHECK(host::serial_line() == "(GR) ready\r\n");
    CHECK(driver.call(granite_op::events + 1) == Fail{Errno::nosys});
}

TEST_CASE("a domain is called what the driver domain says, within bounds") {
    Driver driver;
    host::TestDomain guest{7};
    REQUIRE(driver.name(7, "web"));
    CHECK(std::string_view{guest->name.data()} == "web");
    constexpr usize most = sizeof(Domain::name) - 1;
    CHECK(driver.name(7, "") == Fail{Errno::inval});
    CHECK(driver.name(7, std::string(most + 1, 'x')) == Fail{Errno::toobig});
    CHECK(driver.call(granite_op::set_name, 7, 0, 3) == Fail{Errno::fault});
    for (u64 const nobody : {u64{8}, u64{DOMID_FIRST_RESERVED}, u64{DOMID_SELF}, u64{1} << 16 | 7, ~u64{0}})
        CHECK(driver.name(nobody, "other") == Fail{Errno::srch});
    CHECK(std::string_view{guest->name.data()} == "web");
    REQUIRE(driver.name(7, std::string(most, 'x')));
    CHECK(std::string_view{guest->name.data()} == std::string(most, 'x'));
}

TEST_CASE("an answer of the monitor is written as far as there is room, and no further") {
    Driver driver;
    auto const whole = driver.ask("help", 3 * page_size);
    REQUIRE(whole);
    REQUIRE(*whole > 20);
    std::string const answer{driver.memory.text(static_cast<u64>(*whole), Driver::answer_offset)};
    CHECK(answer.find("audit") != std::string::npos);
    for (u64 const room : {u64{0}, u64{10}}) {
        driver.memory.put_text(std::string(20, '#'), Driver::answer_offset);
        CHECK(driver.ask("help", room) == static_cast<s64>(room));
        CHECK(driver.memory.text(20, Driver::answer_offset) ==
              answer.substr(0, room) + std::string(20 - room, '#'));
    }
    CHECK(driver.ask(std::string(monitor::longest_command + 1, 'x'), 100) == Fail{Errno::toobig});
    CHECK(driver.call(granite_op::monitor, 0, 4, driver.answer_at, 100) == Fail{Errno::fault});
    driver.memory.put_text("help");
    CHECK(driver.call(granite_op::monitor, test::GuestBuffer::at().raw(), 4, 0, 100) == Fail{Errno::fault});
}

TEST_CASE("the keyboard comes back to the driver domain itself alone") {
    Driver driver;
    console::set_focus(console::Focus::monitor);
    CHECK(driver.call(granite_op::input_focus, 1) == Fail{Errno::inval});
    CHECK(console::focus() == console::Focus::monitor);
    CHECK(driver.call(granite_op::input_focus, 0) == 0);
    CHECK(console::focus() == console::Focus::driver_domain);
}

TEST_CASE("numbers of answers are not cut short") {
    Driver driver;
    u64 const text = driver.memory.put_text("x").raw();
    CHECK(driver.call(granite_op::answer, u64{1} << 32, text, 1, 1) == Fail{Errno::inval});
    CHECK(driver.call(granite_op::answer, 1, text, 1, 2) == Fail{Errno::inval});
    CHECK(driver.call(granite_op::answer, 1, text, 1, 1) == Fail{Errno::noent});
}

TEST_CASE("events are read newest first, as many as there is room for, and none too old") {
    Driver driver;
    host::start_trace(trace::bit(trace::Kind::mark));
    for (u32 n = 1; n <= 3; ++n) {
        auto const words = mark::pack({.step = Step::sent, .first = n});
        CHECK(driver.call(granite_op::mark, words.a, words.b) == 1);
    }
    auto const read = [&](u64 since, u64 room) {
        return driver.call(granite_op::events, since, test::GuestBuffer::at().raw(), room);
    };
    auto const which = [&](usize n) {
        auto const record = driver.memory.get<trace::Record>(n * sizeof(trace::Record));
        CHECK(record.domain == 0);
        CHECK(record.kind == static_cast<u64>(trace::Kind::mark));
        return mark::unpack({record.a, record.b}).first;
    };
    CHECK(read(0, 100) == 3);
    CHECK((which(0) == 3 && which(1) == 2 && which(2) == 1));
    CHECK(read(0, 2) == 2);
    CHECK(read(~u64{0} >> 1, 100) == 0);
    CHECK(driver.call(granite_op::events, 0, 0, 1) == Fail{Errno::fault});
    trace::stop();
}
