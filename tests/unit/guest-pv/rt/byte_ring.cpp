// SPDX-License-Identifier: MIT
#include "guest-pv/rt/byte_ring.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>
#include <string>

using rt::ByteRing;

namespace {

struct Shared {
    std::array<char, 16> buffer{};
    u32 consumer = 0;
    u32 producer = 0;
    ByteRing ring() { return {buffer, consumer, producer}; }
};

std::string take(ByteRing ring, usize most) {
    std::string bytes(most, '?');
    bytes.resize(ring.take(bytes));
    return bytes;
}

}  // namespace

TEST_CASE("bytes come out of a ring as they went in, however they were cut") {
    CHECK(rc::check([](u32 start, std::string const& text, std::vector<u8> const& cuts) {
        RC_PRE(!cuts.empty());
        Shared shared;
        shared.consumer = shared.producer = start;
        std::string out;
        std::string_view rest = text;
        for (usize turn = 0; out.size() < text.size(); turn++) {
            auto const piece = rest.substr(0, cuts[turn % cuts.size()] % 20 + 1);
            rest.remove_prefix(shared.ring().put(piece));
            out += take(shared.ring(), cuts[turn % cuts.size()] % 7 + 1);
        }
        RC_ASSERT(out == text);
    }));
}

TEST_CASE("a full ring takes nothing and says so") {
    Shared shared;
    CHECK(shared.ring().put(std::string(20, 'x')) == 16);
    CHECK(shared.ring().full());
    CHECK(shared.ring().put(std::string{"y"}) == 0);
}

TEST_CASE("CN-1 an impossible index of the other side reads as empty and writes as full") {
    Shared shared;
    shared.producer = 17;
    CHECK(take(shared.ring(), 8).empty());
    CHECK(shared.ring().put(std::string{"y"}) == 0);
    shared.consumer = 40;
    CHECK(take(shared.ring(), 8).empty());
}
