// SPDX-License-Identifier: MIT
// Rates hold in the long run, whatever single frames do.
#include "dom0/net/netback/credit.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

using netback::Credit;

TEST_CASE("without a rate there is no end of credit") {
    Credit credit{{}};
    credit.spend(u64{1} << 40);
    REQUIRE(credit.left(1) > u64{1} << 60);
}

TEST_CASE("an interval's bytes are spent once, and come back with the next") {
    Credit credit{{.bytes = 1000, .interval = 100}};
    REQUIRE(credit.left(5000) == 1000);
    credit.spend(400);
    REQUIRE(credit.left(5001) == 600);
    credit.spend(600);
    REQUIRE(credit.left(5002) == 0);
    REQUIRE(credit.left(credit.refill_at() - 1) == 0);
    REQUIRE(credit.left(credit.refill_at()) == 1000);
}

TEST_CASE("idle time is not saved up, and what was overdrawn is not forgiven") {
    Credit credit{{.bytes = 1000, .interval = 100}};
    REQUIRE(credit.left(1'000'000) == 1000);
    credit.spend(3500);
    Nanos const refill = credit.refill_at();
    REQUIRE(credit.left(refill) == 0);
    REQUIRE(credit.left(refill + 100) == 0);
    REQUIRE(credit.left(refill + 200) == 500);
    REQUIRE(credit.left(refill + 100'000) == 1000);
}

TEST_CASE("however frames fall, a thousand intervals carry a thousand credits and one frame") {
    CHECK(rc::check([](std::vector<u16> const& sizes) {
        Credit credit{{.bytes = 5000, .interval = 50}};
        Nanos now = 1;
        static_cast<void>(credit.left(now));
        u64 sent = 0;
        usize next = 0;
        Nanos const end = now + 50 * 1000;
        while (now < end && !sizes.empty()) {
            if (credit.left(now) == 0) {
                now = credit.refill_at();
                continue;
            }
            u64 const bytes = 1U + sizes[next++ % sizes.size()];
            credit.spend(bytes);
            sent += bytes;
        }
        RC_ASSERT(sent <= 5000U * 1001U + 65'536U);
    }));
}
