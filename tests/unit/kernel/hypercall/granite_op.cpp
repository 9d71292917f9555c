// SPDX-License-Identifier: MIT
// Marks of the driver domain, from the hypercall to words in the trace.
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include "kernel/abi/mark.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/trace/words.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

using mark::Mark;
using mark::Step;

constexpr u64 granite_op = 48, mark_frames = 6;

s64 note(Vcpu& v, Mark const& m) {
    auto const words = mark::pack(m);
    hypercall::Args args{mark_frames, words.a, words.b};
    return static_cast<s64>(hypercall::dispatch(v, granite_op, args).value);
}

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
    REQUIRE(trace::start(trace::bit(trace::Kind::mark)));
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
        return static_cast<s64>(hypercall::dispatch(*d->vcpu(0), granite_op, args).value);
    };
    constexpr u64 set_name = 3, record_for_walk = 7, read_events = 8;
    constexpr s64 refused = -static_cast<s64>(Errno::perm);
    CHECK(call(record_for_walk) == refused);
    REQUIRE(d->devices.add() != nullptr);
    CHECK(call(record_for_walk) == 0);
    CHECK(call(read_events) == 0);
    CHECK(call(set_name) == refused);
    CHECK(call(mark_frames) == refused);
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
