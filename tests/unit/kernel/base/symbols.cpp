// SPDX-License-Identifier: MIT
#include "kernel/base/symbols.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>

namespace {

constexpr char names[] = "start\0work";
constexpr std::array<SymbolEntry, 2> entries{{{0x1000, 0}, {0x1040, 6}}};

}  // namespace

TEST_CASE("an address belongs to the function that begins last before it") {
    Symbol const inside = find_symbol(entries, names, 0x103f);
    CHECK(inside.name == "start");
    CHECK(inside.offset == 0x3f);
    Symbol const first = find_symbol(entries, names, 0x1040);
    CHECK(first.name == "work");
    CHECK(first.offset == 0);
}

TEST_CASE("before the first function there is none") {
    CHECK(find_symbol(entries, names, 0xfff).name.empty());
    CHECK(find_symbol({}, names, 0x1000).name.empty());
}
