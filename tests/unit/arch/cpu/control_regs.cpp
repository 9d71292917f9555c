// SPDX-License-Identifier: MIT
#include "arch/cpu/control_regs.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

namespace {

// Each bit by itself, as the manual names it (Intel SDM volume 1, 3.4.3).
bool runs_with(unsigned bit, bool asked) {
    switch (bit) {
        case 1:  // always set
        case 9:  // interrupts
            return true;
        case 0:   // carry
        case 2:   // parity
        case 4:   // adjust
        case 6:   // zero
        case 7:   // sign
        case 8:   // trap
        case 10:  // direction
        case 11:  // overflow
        case 14:  // nested task
        case 16:  // resume
        case 18:  // alignment check
        case 21:  // identification
            return asked;
        default:  // I/O privilege, virtual-8086 mode, virtual interrupts, reserved
            return false;
    }
}

bool is_as_it_must_be(u64 asked) {
    u64 const flags = arch::sanitize_flags(asked);
    for (unsigned bit = 0; bit < 64; ++bit)
        if ((flags >> bit & 1) != u64{runs_with(bit, (asked >> bit & 1) != 0)})
            return false;
    return true;
}

}  // namespace

TEST_CASE("EX-5 a guest gets its own flags, interrupts and no I/O privilege") {
    bool all = true;
    for (u64 asked = 0; asked < u64{1} << 22; ++asked)
        all = all && is_as_it_must_be(asked);
    REQUIRE(all);
    rc::prop("also of wide values", [](u64 asked) { RC_ASSERT(is_as_it_must_be(asked)); });
}
