// SPDX-License-Identifier: MIT
// Cutting large frames: what comes out is what the sender's own TCP would have
// sent.
#include "dom0/net/frame/segment.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "dom0/net/frame/checksum.hpp"
#include "dom0/net/frame/layers.hpp"
#include "tests/host/net/tcp_frame.hpp"

using tcp_frame::Frame;

namespace {

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(400));

    nic::PacketRef large(u32 payload, u16 segment, bool v6 = false) {
        auto packet = tcp_frame::packet_of(tcp_frame::make(payload, v6), *pool);
        packet->layers = frame::find_layers(packet->head(), packet->total()).value();
        packet->checksum = nic::Checksum::blank;
        packet->segment_bytes = segment;
        return packet;
    }
    std::vector<Frame> cut(nic::Packet const& packet) {
        std::vector<Frame> frames;
        for (frame::Segmenter segments{packet, *pool}; !segments.done();) {
            auto segment = segments.next();
            frame::complete_checksum(*segment);
            frames.push_back(tcp_frame::bytes_of(*segment));
        }
        return frames;
    }
};

u32 sequence_of(Frame const& frame, bool v6) {
    usize const at = tcp_frame::ip_at + tcp_frame::ip_bytes(v6) + 4;
    return tcp_frame::get16(frame, at) << 16 | tcp_frame::get16(frame, at + 2);
}

void check(std::vector<Frame> const& frames, u32 payload, u16 segment, bool v6) {
    usize const headers = tcp_frame::ip_at + tcp_frame::ip_bytes(v6) + 20;
    Frame together;
    for (usize i = 0; i < frames.size(); ++i) {
        Frame const& frame = frames[i];
        RC_ASSERT(frame.size() <= headers + segment);
        RC_ASSERT(sequence_of(frame, v6) == 1000 + i * segment);
        RC_ASSERT(tcp_frame::transport_sum(frame, v6) == 0xffffU);
        RC_ASSERT(v6 || tcp_frame::sum_of(frame, tcp_frame::ip_at, tcp_frame::ip_at + 20) == 0xffffU);
        RC_ASSERT(v6 || tcp_frame::get16(frame, tcp_frame::ip_at + 4) == i);
        together.insert(together.end(), frame.begin() + static_cast<std::ptrdiff_t>(headers), frame.end());
    }
    Frame const whole = tcp_frame::make(payload, v6);
    RC_ASSERT(together == Frame(whole.begin() + static_cast<std::ptrdiff_t>(headers), whole.end()));
}

}  // namespace

TEST_CASE("segments together are the payload, each with headers and sums of its own") {
    CHECK(rc::check([] {
        Setup s;
        u32 const payload = *rc::gen::inRange<u32>(1, 60'000);
        u16 const segment = *rc::gen::inRange<u16>(536, 9000);
        bool const v6 = *rc::gen::arbitrary<bool>();
        auto const packet = s.large(payload, segment, v6);
        check(s.cut(*packet), payload, segment, v6);
    }));
}

TEST_CASE("the end of the stream is in the last segment, reduced windows in the first") {
    Setup s;
    auto const packet = s.large(3000, 1000);
    auto const frames = s.cut(*packet);
    REQUIRE(frames.size() == 3);
    usize const flags = tcp_frame::ip_at + 20 + 13;
    REQUIRE(frames[0][flags] == std::byte{0x90});
    REQUIRE(frames[1][flags] == std::byte{0x10});
    REQUIRE(frames[2][flags] == std::byte{0x19});
}

TEST_CASE("cutting stops when there are no buffers, and keeps none") {
    Setup s;
    auto const packet = s.large(50'000, 1448);
    std::vector<nic::PacketRef> held;
    while (s.pool->free() > 2)
        held.push_back(s.pool->take());
    frame::Segmenter segments{*packet, *s.pool};
    auto const first = segments.next();
    auto const second = segments.next();
    REQUIRE(second);
    REQUIRE_FALSE(segments.next());
    REQUIRE(s.pool->free() == 0);
}
