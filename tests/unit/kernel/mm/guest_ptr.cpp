// SPDX-License-Identifier: MIT
// Pointers of guests: which ranges they may name.
#include "kernel/mm/guest_ptr.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <array>

#include "tests/host/memory.hpp"

namespace {

constexpr u64 low_end = u64{1} << 47;

// Said with wider numbers than the code has.
bool lies_outside_the_hypervisor(u64 va, u64 bytes) {
    using Wide = unsigned __int128;
    Wide const end = Wide{va} + bytes;
    bool const low = end <= low_end;
    bool const high = va >= machine::hypervisor_end && end <= Wide{1} << 64;
    return low || high;
}

constexpr std::array edges{u64{0},
                           u64{1},
                           u64{4095},
                           low_end - 8,
                           low_end - 1,
                           low_end,
                           low_end + 1,
                           machine::hypervisor_start - 1,
                           machine::hypervisor_start,
                           machine::hypervisor_end - 8,
                           machine::hypervisor_end - 1,
                           machine::hypervisor_end,
                           ~u64{0} - 7,
                           ~u64{0}};

}  // namespace

TEST_CASE("HC-2 D9 a range is a guest's when all of it is, and does not wrap") {
    for (u64 const va : edges)
        for (u64 const bytes : edges) {
            INFO("address " << va << ", bytes " << bytes);
            REQUIRE(mm::guest_range_ok(va, bytes) == lies_outside_the_hypervisor(va, bytes));
        }
    rc::prop("any range", [](u64 va, u64 bytes) {
        RC_ASSERT(mm::guest_range_ok(va, bytes) == lies_outside_the_hypervisor(va, bytes));
    });
}

TEST_CASE("HC-2 no base, first element and count together reach the hypervisor") {
    struct Element {
        std::array<u64, 3> words;
    };
    // What would get past the check finds memory wherever it may end up.
    alignas(page_size) static std::array<std::byte, 8 * page_size> memory{};
    host::guest().clear();
    for (u64 const va : {machine::hypervisor_start, machine::hypervisor_end - memory.size(), low_end,
                         u64{0} - memory.size(), u64{0}})
        host::guest().map(Vaddr{va}, memory.data(), memory.size());
    using Wide = unsigned __int128;
    auto const is_guests = [](u64 base, u64 first, u64 count) {
        Wide const start = base + Wide{first} * sizeof(Element), bytes = Wide{count} * sizeof(Element);
        return start >> 64 == 0 && bytes >> 64 == 0 &&
               lies_outside_the_hypervisor(static_cast<u64>(start), static_cast<u64>(bytes));
    };
    std::array<Element, 2> into{};
    unsigned refused = 0;
    for (u64 const base : edges)
        for (u64 const first : edges) {
            for (u64 const count : edges)
                if (count != 0 && !is_guests(base, first, count)) {
                    REQUIRE(GuestPtr<Element>{base}.fetch_into(into.data(), count, first).error() ==
                            Errno::fault);
                    ++refused;
                }
            if (!is_guests(base, first, 1))
                REQUIRE(GuestPtr<Element>{base}.fetch(first).error() == Errno::fault);
        }
    REQUIRE(refused > 1000);
    REQUIRE(GuestPtr<Element>{0}.fetch(1));
    host::guest().clear();
}

TEST_CASE("HC-2 a span ends where it was checked to") {
    alignas(page_size) static std::array<u64, 512> page{};
    host::guest().clear();
    host::guest().map(Vaddr{0x10000}, page.data(), page_size);
    auto const span = GuestPtr<u64>{0x10000}.span(4);
    REQUIRE(span);
    REQUIRE(span->store(3, 7));
    REQUIRE(span->fetch(3) == u64{7});
    REQUIRE(span->store(4, 7).error() == Errno::fault);
    REQUIRE(span->fetch(~u64{0}).error() == Errno::fault);
    host::guest().clear();
}
