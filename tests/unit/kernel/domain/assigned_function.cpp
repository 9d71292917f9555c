// SPDX-License-Identifier: MIT
#include "kernel/domain/assigned_function.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

namespace {

// 128 KiB, ports, 16 KiB of 64-bit memory above 4 GiB, 256 bytes of memory.
constexpr machine::BarWords sample{.value = {0xfeb40000, 0xc001, 0x0000000c, 0x00000008, 0xfebc0100, 0},
                                   .sized = {0xfffe0000, 0xffffffe1, 0xffffc00c, 0xffffffff, 0xffffff00, 0}};

void begin(AssignedFunction& f) {
    f.begin({1, 8}, sample);
}

}  // namespace

TEST_CASE("a function given away shows its registers as the firmware left them") {
    AssignedFunction f;
    begin(f);
    CHECK(f.where() == machine::PciFunction{1, 8});
    for (usize n = 0; n < machine::bar_count; ++n)
        CHECK(f.read_bar(n) == sample.value[n]);
}

TEST_CASE("IO-5 sizing is answered as hardware does, and moves nothing") {
    AssignedFunction f;
    begin(f);
    for (usize n = 0; n < machine::bar_count; ++n) {
        f.write_bar(n, ~u32{0});
        CHECK(f.read_bar(n) == (sample.value[n] == 0 ? 0 : sample.sized[n]));
        CHECK(f.real_bar(n) == sample.value[n]);
        f.write_bar(n, sample.value[n]);
        CHECK(f.read_bar(n) == sample.value[n]);
    }
}

TEST_CASE("IO-5 only whole pages of memory come with a function") {
    AssignedFunction f;
    begin(f);
    auto const ranges = f.memory();
    REQUIRE(ranges.size() == 2);
    CHECK(ranges[0].first == Mfn{0xfeb40});
    CHECK(ranges[0].frames == 32);
    CHECK(ranges[1].first == Mfn{0x800000});
    CHECK(ranges[1].frames == 4);
}

TEST_CASE("IO-5 whatever a domain writes, kind and size of a register stay", "[property]") {
    rc::prop("flags and low bits are fixed", [](u32 value) {
        AssignedFunction f;
        begin(f);
        for (usize n = 0; n < machine::bar_count; ++n) {
            f.write_bar(n, value);
            RC_ASSERT((f.read_bar(n) & ~sample.sized[n]) == (sample.value[n] & ~sample.sized[n]));
        }
        RC_ASSERT((f.read_bar(0) & 0xf) == 0u);
        RC_ASSERT((f.read_bar(1) & 0x3) == 1u);
        RC_ASSERT((f.read_bar(2) & 0xf) == 0xcu);
    });
}

TEST_CASE("IO-5 ranges never leave what hardware says about them", "[property]") {
    rc::prop("whole, aligned, not empty", [](std::array<u32, 6> value, std::array<u32, 6> sized) {
        AssignedFunction f;
        f.begin({0, 0}, {value, sized});
        for (FrameRange const& r : f.memory()) {
            RC_ASSERT(r.frames != 0u);
            RC_ASSERT(r.first != Mfn{0});
            RC_ASSERT(r.first.raw() % r.frames == 0u);
            RC_ASSERT(r.contains(r.first));
            RC_ASSERT(!r.contains(Mfn{r.first.raw() + r.frames}));
            RC_ASSERT(!r.contains(Mfn{r.first.raw() - 1}));
        }
    });
}
