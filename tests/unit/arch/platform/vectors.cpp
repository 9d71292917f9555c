// SPDX-License-Identifier: MIT
#include "arch/platform/vectors.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <set>

using machine::Pirq;

TEST_CASE("IO-6 vectors are given once, and none that means something else") {
    auto t = std::make_unique<arch::VectorTable>();
    std::set<u8> given;
    for (u32 p = 0;; ++p) {
        auto const v = t->claim(Pirq{p});
        if (!v) {
            CHECK(v.error() == Errno::nospc);
            break;
        }
        CHECK(given.insert(*v).second);
        Pirq owner;
        REQUIRE(t->lookup(*v, owner));
        CHECK(owner == Pirq{p});
    }
    CHECK(given.size() == arch::vector::end_device - arch::vector::first_device - 1u);
    CHECK_FALSE(given.contains(arch::vector::system_call_gate));
    CHECK_FALSE(given.contains(arch::vector::timer));
}

TEST_CASE("IO-6 vectors do not leak over a million rounds") {
    auto t = std::make_unique<arch::VectorTable>();
    for (u32 i = 0; i < 1000000; ++i) {
        auto const v = t->claim(Pirq{i % machine::max_pirqs});
        REQUIRE(v.has_value());
        t->release(*v);
    }
}

TEST_CASE("IO-7 a vector that was given back, or never given, is nobody's") {
    auto t = std::make_unique<arch::VectorTable>();
    u8 const v = *t->claim(Pirq{0});
    t->release(v);
    Pirq owner;
    for (unsigned n = 0; n < 256; ++n)
        CHECK_FALSE(t->lookup(static_cast<u8>(n), owner));
}
