// SPDX-License-Identifier: MIT
#include "arch/pv/segment_descriptor.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

// By the words of the processor's manual (Intel SDM volume 3, 3.4.5).
struct Descriptor {
    u64 raw;
    [[nodiscard]] u64 field(unsigned shift, u64 mask) const { return raw >> shift & mask; }
    [[nodiscard]] bool present() const { return field(47, 1) != 0; }
    [[nodiscard]] bool is_code_or_data() const { return field(44, 1) != 0; }
    [[nodiscard]] u64 privilege() const { return field(45, 3); }
    [[nodiscard]] u64 type() const { return field(40, 0xf); }
};

constexpr u64 privilege_bits = u64{3} << 45;

// Type, S, DPL, P and AVL, L, D/B, G: all that says what a descriptor is.
template <class Judge>
void for_every_kind(Judge judge) {
    for (u64 low = 0; low < 256; ++low)
        for (u64 high = 0; high < 16; ++high)
            judge(Descriptor{low << 40 | high << 52 | 0x1234'5000'6789});
}

}  // namespace

TEST_CASE("DT-1 whatever is present in a guest's table is code or data of ring 3, or of no use") {
    for_every_kind([](Descriptor asked) {
        INFO("descriptor " << asked.raw);
        auto const given = pv::checked_descriptor(asked.raw);
        bool const gate_or_task = asked.present() && !asked.is_code_or_data() && asked.type() != 0;
        REQUIRE(given.has_value() == !gate_or_task);
        if (!given)
            return;
        Descriptor const is{*given};
        REQUIRE((!is.present() || !is.is_code_or_data() || is.privilege() == 3));
        REQUIRE(((is.raw ^ asked.raw) & ~privilege_bits) == 0);
    });
}
