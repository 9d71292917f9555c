// SPDX-License-Identifier: MIT
// arch/pv/entries: the bits of one entry, compared with a table written out by
// hand.
#include "arch/pv/entries.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

namespace {

using arch::entry::flags_allowed;

// Bit by bit, as the processor manual numbers them: Y allowed, D only for
// device memory, - refused.
//                     0         1         2         3         4         5         6
//                     0123456789012345678901234567890123456789012345678901234567890123
char const l1_bits[] = "YYYDDYYDYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYY";
char const up_bits[] = "YYY--YY--YYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYY";

}  // namespace

TEST_CASE("PT-03 D3 every bit of every level is judged as the written table says") {
    for (PageType const level : {PageType::l1, PageType::l2, PageType::l3, PageType::l4}) {
        char const* const bits = level == PageType::l1 ? l1_bits : up_bits;
        for (unsigned bit = 0; bit < 64; ++bit) {
            u64 const e = u64{1} << bit | arch::pte::present;
            INFO("level " << static_cast<int>(level) << " bit " << bit);
            CHECK(flags_allowed(level, e) == (bits[bit] == 'Y'));
            CHECK(flags_allowed(level, e, true) == (bits[bit] != '-'));
        }
    }
}

TEST_CASE("PT-04 only software bits, A, D and NX may differ on the short way") {
    constexpr u64 harmless = 0xfff0000000000e60;
    for (PageType const level : {PageType::l1, PageType::l2, PageType::l3, PageType::l4}) {
        u64 const old = arch::entry::stored(level, u64{0x1234567} << 12 | 0x63);
        for (unsigned a = 0; a < 64; ++a)
            for (unsigned b = a; b < 64; ++b)
                for (unsigned c = b; c < 64; ++c) {
                    u64 const difference = u64{1} << a | u64{1} << b | u64{1} << c;
                    u64 const desired = old ^ difference;
                    // A guest's missing US and, on L1, its G make no difference in what is stored.
                    u64 const seen = difference & ~(u64{4} | (level == PageType::l1 ? u64{0x100} : 0));
                    bool const expected = (seen & ~harmless) == 0;
                    if (arch::entry::same_use(level, old, desired) != expected)
                        FAIL("difference " << difference);
                }
    }
}

TEST_CASE("a stored entry has US, on L1 no G, and is otherwise as written") {
    rc::prop("any allowed entry", [](u64 e, bool on_l1) {
        PageType const level = on_l1 ? PageType::l1 : PageType::l3;
        e = (e | 1) & (on_l1 ? arch::entry::allowed_l1 : arch::entry::allowed_upper);
        u64 const s = arch::entry::stored(level, e);
        RC_ASSERT((s & 4) != 0u);
        RC_ASSERT((s & ~u64{0x104}) == (e & ~u64{0x104}));
        RC_ASSERT(flags_allowed(level, s));
    });
}

TEST_CASE("PT-05 slots 256 to 271 of an L4, and of nothing else, are the hypervisor's") {
    for (unsigned i = 0; i < 512; ++i) {
        CHECK(arch::entry::hypervisor_slot(PageType::l4, i) == (i >= 256 && i < 272));
        CHECK(!arch::entry::hypervisor_slot(PageType::l3, i));
    }
}
