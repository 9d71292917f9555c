// SPDX-License-Identifier: MIT
#include "arch/mm/boot_memory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <set>

namespace {

constexpr Maddr no_limit{u64{1} << 52};

u64 total(arch::BootMemory const& m) {
    u64 bytes = 0;
    for (auto const& r : m.ranges())
        bytes += r.end - r.start;
    return bytes;
}

}  // namespace

TEST_CASE("boot memory is taken from the top, below the limit") {
    arch::BootMemory m;
    REQUIRE(m.add(Maddr{0x100000}, Maddr{0x200000}));
    REQUIRE(m.add(Maddr{0x300000}, Maddr{0x400000}));
    CHECK(m.allocate(0x1000, page_size, no_limit) == Maddr{0x3ff000});
    CHECK(m.allocate(0x1000, page_size, Maddr{0x300000}) == Maddr{0x1ff000});
    CHECK(m.allocate(1, 0x10000, no_limit) == Maddr{0x3f0000});
}

TEST_CASE("boot memory that is not there is not given") {
    arch::BootMemory m;
    REQUIRE(m.add(Maddr{0x100000}, Maddr{0x102000}));
    CHECK_FALSE(m.allocate(0x3000, page_size, no_limit));
    CHECK_FALSE(m.allocate(0x1000, page_size, Maddr{0x100000}));
    CHECK_FALSE(m.allocate(0x1000, 0x200000, no_limit));
    CHECK(total(m) == 0x2000);
}

TEST_CASE("claiming part of a page claims the page") {
    arch::BootMemory m;
    REQUIRE(m.add(Maddr{0}, Maddr{0x4000}));
    REQUIRE(m.remove(Maddr{0x1fff}, Maddr{0x2001}));
    REQUIRE(m.ranges().size() == 2);
    CHECK(m.ranges()[0].end == Maddr{0x1000});
    CHECK(m.ranges()[1].start == Maddr{0x3000});
}

TEST_CASE("no byte of boot memory is given twice, and none is lost") {
    REQUIRE(rc::check([] {
        arch::BootMemory m;
        RC_ASSERT(m.add(Maddr{0}, Maddr{64 * page_size}));
        RC_ASSERT(m.add(Maddr{100 * page_size}, Maddr{150 * page_size}));
        std::set<u64> given;
        auto const requests = *rc::gen::container<std::vector<std::pair<u8, u8>>>(
            rc::gen::pair(rc::gen::inRange<u8>(1, 9), rc::gen::inRange<u8>(0, 4)));
        for (auto const& [pages, order] : requests) {
            u64 const align = page_size << order;
            auto const at = m.allocate(pages * page_size, align, no_limit);
            if (!at)
                continue;
            RC_ASSERT(at->raw() % align == 0);
            for (u64 p = 0; p < pages; ++p)
                RC_ASSERT(given.insert(at->raw() / page_size + p).second);
        }
        RC_ASSERT(total(m) / page_size + given.size() == 114);
    }));
}
