// SPDX-License-Identifier: MIT
#include "arch/boot/memory_map.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <map>

namespace {

using Ranges = FixedVector<MemoryRange, 256>;

Ranges normalised(std::initializer_list<MemoryRange> in) {
    Ranges r;
    for (MemoryRange const& m : in)
        REQUIRE(r.push(m));
    REQUIRE(boot::normalise_memory(r));
    return r;
}

}  // namespace

TEST_CASE("the memory map is sorted and neighbours of one type are joined") {
    Ranges const r =
        normalised({{Maddr{0x3000}, 0x1000, 1}, {Maddr{0x1000}, 0x1000, 1}, {Maddr{0x2000}, 0x1000, 1}});
    REQUIRE(r.size() == 1);
    CHECK(r[0].start == Maddr{0x1000});
    CHECK(r[0].size == 0x3000);
}

TEST_CASE("where claims overlap, RAM loses") {
    Ranges const r = normalised({{Maddr{0}, 0x4000, 1}, {Maddr{0x1000}, 0x1000, 2}});
    REQUIRE(r.size() == 3);
    CHECK(r[1].type == 2);
    CHECK(r[1].start == Maddr{0x1000});
    CHECK(r[2].start == Maddr{0x2000});
}

TEST_CASE("only whole pages of RAM remain") {
    Ranges const r =
        normalised({{Maddr{0x1001}, 0x2000, 1}, {Maddr{0x10000}, 0x800, 1}, {Maddr{0x20000}, 0x10, 3}});
    REQUIRE(r.size() == 2);
    CHECK(r[0].start == Maddr{0x2000});
    CHECK(r[0].size == 0x1000);
    CHECK(r[1].type == 3);
}

TEST_CASE("a range that wraps around the address space is cut") {
    Ranges const r = normalised({{Maddr{0x1000}, ~u64{0}, 1}, {Maddr{~u64{0}}, 5, 1}});
    REQUIRE(r.size() == 1);
    CHECK(r[0].start.raw() + r[0].size == boot::physical_limit);
}

TEST_CASE("too many pieces are refused, not lost") {
    Ranges r;
    REQUIRE(r.push({Maddr{0}, u64{1} << 40, 1}));
    for (u64 i = 1; i < 256; ++i)
        REQUIRE(r.push({Maddr{i << 20}, 0x1000, 2}));
    CHECK_FALSE(boot::normalise_memory(r));
}

TEST_CASE("each page has the type of its least usable claim, whatever the claims") {
    REQUIRE(rc::check([] {
        auto const claims = *rc::gen::container<std::vector<std::tuple<u8, u8, u8>>>(rc::gen::tuple(
            rc::gen::inRange<u8>(0, 40), rc::gen::inRange<u8>(0, 12), rc::gen::inRange<u8>(1, 3)));
        RC_PRE(claims.size() <= 40u);
        Ranges r;
        std::map<u64, u32> expected;
        for (auto const& [page, pages, type] : claims) {
            RC_ASSERT(r.push({Maddr{page * page_size}, pages * page_size, type}));
            for (u64 p = page; p < u64{page} + pages; ++p)
                expected[p] = std::max<u32>(expected[p], type);
        }
        RC_ASSERT(boot::normalise_memory(r));
        std::map<u64, u32> found;
        Maddr last{0};
        for (MemoryRange const& m : r) {
            RC_ASSERT(m.start >= last);
            last = m.start + m.size;
            for (u64 p = m.start.raw() / page_size; p < last.raw() / page_size; ++p)
                found[p] = m.type;
        }
        RC_ASSERT(found == expected);
    }));
}
