// SPDX-License-Identifier: MIT
// CN-1: the other side of a console ring moves its index anywhere; nothing is read or written outside
#include "guest-pv/rt/byte_ring.hpp"

#include <memory>

#include "tests/fuzz/support/input.hpp"

namespace {

// In memory of its own, so that a byte beside it is seen.
struct Ring {
    std::unique_ptr<std::array<char, 1024>> buffer = std::make_unique<std::array<char, 1024>>();
    u32 consumer = 0, producer = 0;
    rt::ByteRing view() { return {*buffer, consumer, producer}; }
};

void step(fuzz::Input& input, Ring& ring) {
    std::array<char, 300> bytes{};
    u32 const count = input.below(static_cast<u32>(bytes.size()));
    switch (input.below(4)) {
        case 0:
            ring.producer = input.take<u32>();
            break;
        case 1:
            ring.consumer = input.take<u32>();
            break;
        case 2:
            fuzz::require(ring.view().put(std::span{bytes}.first(count)) <= count,
                          "no more is put than asked for");
            break;
        default:
            fuzz::require(ring.view().take(std::span{bytes}.first(count)) <= count,
                          "no more is taken than asked for");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    Ring ring;
    while (!input.empty())
        step(input, ring);
    return 0;
}
