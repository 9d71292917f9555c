// SPDX-License-Identifier: MIT
// kernel/base/result: what every fallible function of the hypervisor answers with.
#include "kernel/base/result.hpp"

#include <catch2/catch_test_macros.hpp>
#include <memory>

namespace {

Result<int> half(int n) {
    if (n % 2 != 0)
        return Fail{Errno::dom};
    return n / 2;
}
Result<int> quarter(int n) {
    int const once = TRY(half(n));
    return TRY(half(once));
}
Result<> divisible(int n) {
    TRY_VOID(quarter(n));
    return {};
}

// Cannot be without a value.
struct Reference {
    int& to;
};

}  // namespace

TEST_CASE("a result is a value or an error") {
    CHECK(half(8) == 4);
    CHECK(half(8).has_value());
    CHECK(half(7) == Fail{Errno::dom});
    CHECK(half(7).error() == Errno::dom);
    CHECK_FALSE(half(7).has_value());
}

TEST_CASE("a failure equals no value, not even that of a default") {
    CHECK_FALSE(half(7) == 0);
    CHECK_FALSE(half(0) == Fail{Errno::dom});
    CHECK(half(7).value_or(3) == 3);
    CHECK(half(0).value_or(3) == 0);
}

TEST_CASE("TRY hands on the first error") {
    CHECK(quarter(8) == 2);
    CHECK(quarter(6) == Fail{Errno::dom});
    CHECK(divisible(8).has_value());
    CHECK(divisible(7) == Fail{Errno::dom});
}

TEST_CASE("what can only be moved is moved out of a result") {
    auto const make = [](bool well) -> Result<std::unique_ptr<int>> {
        if (!well)
            return Fail{Errno::nomem};
        return std::make_unique<int>(5);
    };
    std::unique_ptr<int> const five = make(true).value();
    CHECK(*five == 5);
    CHECK(*std::move(*make(true)) == 5);
    CHECK(make(false).error() == Errno::nomem);
}

TEST_CASE("a result holds what has no default") {
    int n = 1;
    Result<Reference> const good{Reference{n}};
    Result<Reference> const bad = Fail{Errno::busy};
    REQUIRE(good);
    CHECK(&good->to == &n);
    CHECK(bad.error() == Errno::busy);
}
