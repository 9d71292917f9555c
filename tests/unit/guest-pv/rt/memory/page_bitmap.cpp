// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/page_bitmap.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <set>
#include <vector>

using rt::PageBitmap;

namespace {

struct Pool {
    explicit Pool(u64 pages) : words(PageBitmap::bytes_for(pages) / sizeof(u64)), bitmap{words, pages} {}
    std::vector<u64> words;
    PageBitmap bitmap;
};

}  // namespace

TEST_CASE("nothing is free until it is said to be") {
    Pool pool{100};
    CHECK(!pool.bitmap.allocate(1));
    CHECK(pool.bitmap.free(99, 1));
    CHECK(pool.bitmap.allocate(1) == 99);
    CHECK(!pool.bitmap.allocate(1));
}

TEST_CASE("a run is found across words and only where it fits") {
    Pool pool{256};
    REQUIRE(pool.bitmap.free(60, 3));
    REQUIRE(pool.bitmap.free(120, 10));
    CHECK(!pool.bitmap.allocate(11));
    CHECK(pool.bitmap.allocate(10) == 120);
    CHECK(pool.bitmap.allocate(3) == 60);
}

TEST_CASE("freeing what is free, or does not exist, is refused whole") {
    Pool pool{64};
    REQUIRE(pool.bitmap.free(10, 2));
    CHECK(!pool.bitmap.free(11, 2));
    CHECK(!pool.bitmap.free(63, 2));
    CHECK(!pool.bitmap.free(65, 1));
    CHECK(!pool.bitmap.free(~u64{0}, 2));
    CHECK(pool.bitmap.free_pages() == 2);
}

TEST_CASE("no page is ever handed out twice") {
    CHECK(rc::check([](std::vector<unsigned> const& sizes) {
        constexpr u64 pages = 300;
        Pool pool{pages};
        RC_ASSERT(pool.bitmap.free(0, pages));
        std::set<u64> out;
        std::vector<std::pair<u64, usize>> held;
        for (unsigned size : sizes) {
            if (size % 3 == 0 && !held.empty()) {
                auto const [first, count] = held.back();
                held.pop_back();
                RC_ASSERT(pool.bitmap.free(first, count));
                for (u64 page = first; page < first + count; page++)
                    out.erase(page);
                continue;
            }
            usize const count = size % 20 + 1;
            auto const first = pool.bitmap.allocate(count);
            if (!first)
                continue;
            held.emplace_back(*first, count);
            for (u64 page = *first; page < *first + count; page++) {
                RC_ASSERT(page < pages);
                RC_ASSERT(out.insert(page).second);
            }
        }
        RC_ASSERT(pool.bitmap.free_pages() == pages - out.size());
    }));
}
