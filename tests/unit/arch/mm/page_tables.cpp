// SPDX-License-Identifier: MIT
#include "arch/mm/page_tables.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <memory>
#include <optional>

#include "tests/host/memory.hpp"

namespace {

using namespace arch;

std::vector<Mfn> taken;

void give_tables_back() {
    for (Mfn const m : taken)
        mm::free_frames(m);
    taken.clear();
}

constexpr u64 flags = pte::present | pte::writable;

// What the processor would do: the address behind `va`, if it is mapped.
std::optional<u64> translate(Maddr root, u64 va) {
    auto const* table = machine::frame_as<u64 const>(mfn_of(root));
    for (unsigned level = 4; level > 0; --level) {
        unsigned const shift = page_shift + 9 * (level - 1);
        u64 const entry = table[va >> shift & 511];
        if ((entry & pte::present) == 0)
            return {};
        if (level == 1 || (entry & pte::large) != 0) {
            u64 const offset = (u64{1} << shift) - 1;
            return (entry & pte_address & ~offset) | (va & offset);
        }
        table = machine::frame_as<u64 const>(mfn_of(Maddr{entry & pte_address}));
    }
    return {};
}

}  // namespace

Maddr arch::new_table() {
    taken.push_back(mm::alloc_frames().value());
    return maddr_of(taken.back());
}

TEST_CASE("the largest page that fits is used, and no larger one than allowed") {
    host::power_on();
    Maddr const root = new_table();
    map_range(root, direct_base, Maddr{0}, 2 * page_1g, flags, page_1g);
    CHECK(taken.size() == 2);  // root and one L3
    map_range(root, direct_base + 2 * page_1g, Maddr{2 * page_1g}, page_1g, flags, page_2m);
    CHECK(taken.size() == 3);
    map_range(root, direct_base + 3 * page_1g, Maddr{3 * page_1g}, page_2m, flags, page_size);
    CHECK(taken.size() == 5);
    for (u64 const at : {u64{0}, page_1g + 5, 2 * page_1g + 123456789, 3 * page_1g + page_2m - 1})
        CHECK(translate(root, direct_base + at) == at);
    CHECK_FALSE(translate(root, direct_base + 3 * page_1g + page_2m));
    give_tables_back();
}

TEST_CASE("a page can be taken out of a mapping") {
    host::power_on();
    Maddr const root = new_table();
    map_range(root, image_base, Maddr{0x200000}, 16 * page_size, flags, page_size);
    page_entry(root, image_base + 3 * page_size) = 0;
    CHECK_FALSE(translate(root, image_base + 3 * page_size));
    CHECK(translate(root, image_base + 4 * page_size) == 0x204000);
    give_tables_back();
}

TEST_CASE("whatever is mapped is reached, and its neighbours are not") {
    host::power_on();
    REQUIRE(rc::check([] {
        Maddr const root = new_table();
        u64 const start = *rc::gen::inRange<u64>(1, 3000) * page_size;
        u64 const pages = *rc::gen::inRange<u64>(1, 2000);
        u64 const shift = *rc::gen::element<u64>(0, page_size, page_2m);
        map_range(root, direct_base + start + shift, Maddr{start}, pages * page_size, flags, page_1g);
        u64 const va = direct_base + start + shift;
        for (u64 p = 0; p < pages; ++p)
            RC_ASSERT(translate(root, va + p * page_size) == start + p * page_size);
        RC_ASSERT(!translate(root, va - page_size));
        RC_ASSERT(!translate(root, va + pages * page_size));
        give_tables_back();
    }));
}
