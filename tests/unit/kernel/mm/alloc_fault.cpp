// SPDX-License-Identifier: MIT
#include "kernel/mm/alloc_fault.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/heap.hpp"
#include "tests/host/memory.hpp"

using namespace mm;

namespace {

struct Armed {
    Armed() { host::power_on(); }
    ~Armed() { alloc_fault::stop(); }
};

bool get_here() {
    auto const m = alloc_frames();
    if (m)
        free_frames(*m);
    return m.has_value();
}
bool get_there() {
    auto const p = heap_alloc(100);
    if (p)
        heap_free(*p, 100);
    return p.has_value();
}

std::vector<alloc_fault::Site> sites() {
    std::vector<alloc_fault::Site> all;
    for (u32 i = 0; auto const site = alloc_fault::site(i); ++i)
        all.push_back(*site);
    return all;
}

}  // namespace

TEST_CASE("LC-3 each place is refused memory once, and then has it") {
    Armed const armed;
    alloc_fault::refuse_each();
    CHECK_FALSE(get_here());
    CHECK(get_here());
    CHECK_FALSE(get_there());  // the place itself
    CHECK_FALSE(get_there());  // the heap's, which needs a frame
    CHECK(get_there());
    auto const seen = sites();
    REQUIRE(seen.size() == 3);
    for (auto const& site : seen)
        CHECK((site.address != 0 && site.refused == 1 && site.asked >= 2));
}

TEST_CASE("the N-th allocation is refused, and no other") {
    Armed const armed;
    alloc_fault::refuse_nth(3);
    CHECK(get_here());
    CHECK(get_here());
    CHECK_FALSE(get_here());
    CHECK(get_here());
    CHECK(sites().front().refused == 1);
}

TEST_CASE("nothing is refused, and nothing noted, when it is off") {
    Armed const armed;
    alloc_fault::refuse_each();
    alloc_fault::stop();
    CHECK(get_here());
    CHECK(sites().empty());
}

TEST_CASE("more places than can be noted are served") {
    Armed const armed;
    alloc_fault::refuse_each();
    for (u64 address = 1; address <= alloc_fault::most_sites; ++address)
        CHECK(alloc_fault::strikes(reinterpret_cast<void const*>(address)));
    CHECK_FALSE(alloc_fault::strikes(reinterpret_cast<void const*>(u64{12345})));
    CHECK(sites().size() == alloc_fault::most_sites);
    CHECK_FALSE(alloc_fault::site(alloc_fault::most_sites));
}
