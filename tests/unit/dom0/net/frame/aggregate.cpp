// SPDX-License-Identifier: MIT
// Segments made one frame: cut again, they are what they were.
#include "dom0/net/frame/aggregate.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <map>

#include "dom0/net/frame/layers.hpp"
#include "tests/host/net/tcp_frame.hpp"

using tcp_frame::Frame;

namespace {

constexpr u8 ack = 0x10;
constexpr u8 push = 0x08;
constexpr u8 fin = 0x01;
constexpr frame::PerNetwork both{true, true};

struct Segment {
    u32 payload = 1000;
    u32 sequence = 0;
    u32 acknowledged = 7;
    u8 flags = ack;
    u16 port = 80;
    u16 id = 0;
    u16 window = 500;
    bool v6 = false;
};

Frame bytes_of(Segment const& segment) {
    Frame frame = tcp_frame::make(segment.payload, segment.v6, segment.sequence);
    usize const ip = tcp_frame::ip_at;
    usize const tcp = ip + tcp_frame::ip_bytes(segment.v6);
    if (!segment.v6) {
        tcp_frame::put16(frame, ip + 4, segment.id);
        tcp_frame::put16(frame, ip + 6, 0);
        tcp_frame::put16(frame, ip + 10, 0);
        tcp_frame::put16(frame, ip + 10, ~tcp_frame::sum_of(frame, ip, ip + 20) & 0xffff);
    }
    tcp_frame::put16(frame, tcp, segment.port);
    tcp_frame::put16(frame, tcp + 8, segment.acknowledged >> 16);
    tcp_frame::put16(frame, tcp + 10, segment.acknowledged);
    frame[tcp + 13] = std::byte{segment.flags};
    tcp_frame::put16(frame, tcp + 14, segment.window);
    tcp_frame::put16(frame, tcp + 16, 0);
    tcp_frame::put16(frame, tcp + 16, ~tcp_frame::transport_sum(frame, segment.v6) & 0xffff);
    return frame;
}

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(1000));
    frame::Aggregator aggregator{both};
    std::vector<nic::PacketRef> out;

    nic::PacketRef packet(Frame const& bytes) {
        auto packet = tcp_frame::packet_of(bytes, *pool);
        packet->checksum = nic::Checksum::valid;
        return packet;
    }
    void add(Frame const& bytes) { add(packet(bytes)); }
    void add(nic::PacketRef&& frame) {
        aggregator.add(std::move(frame), [this](nic::PacketRef&& one) { out.push_back(std::move(one)); });
    }
    void add(Segment const& segment) { add(bytes_of(segment)); }
    void flush() {
        aggregator.flush([this](nic::PacketRef&& one) { out.push_back(std::move(one)); });
    }
    // What a taker gets that takes nothing large.
    std::vector<Frame> cut() {
        std::vector<Frame> all;
        for (auto& packet : out) {
            auto const misfit = frame::adapt(std::move(packet), {}, *pool, [&](nic::PacketRef&& one) {
                all.push_back(tcp_frame::bytes_of(*one));
            });
            REQUIRE_FALSE(misfit);
        }
        out.clear();
        return all;
    }
};

// Two that follow one another, the second changed.
usize frames_of_two(Segment second, Segment first = {}) {
    Setup s;
    s.add(first);
    s.add(second);
    s.flush();
    return s.out.size();
}
Segment const next{.sequence = 1000, .id = 1};
template <class Change>
Segment changed(Change change) {
    Segment segment = next;
    change(segment);
    return segment;
}

}  // namespace

TEST_CASE("segments that follow one another are one frame, to be cut to their size") {
    Setup s;
    for (u16 i = 0; i < 44; ++i)
        s.add(Segment{.payload = 1448, .sequence = i * 1448U, .id = i});
    s.flush();
    REQUIRE(s.out.size() == 1);
    auto const& packet = *s.out[0];
    REQUIRE(packet.total() == 54 + 44 * 1448);
    REQUIRE(packet.segment_bytes == 1448);
    REQUIRE(packet.checksum == nic::Checksum::blank);
    REQUIRE(packet.layers == frame::find_layers(packet.head(), packet.total()));
    REQUIRE(s.aggregator.take_merged() == 43);
    REQUIRE(s.aggregator.take_merged() == 0);
}

TEST_CASE("what says anything else begins anew") {
    CHECK(frames_of_two(next) == 1);
    CHECK(frames_of_two(changed([](Segment& s) { s.sequence = 1001; })) == 2);
    CHECK(frames_of_two(changed([](Segment& s) { s.acknowledged = 8; })) == 2);
    CHECK(frames_of_two(changed([](Segment& s) { s.window = 501; })) == 2);
    CHECK(frames_of_two(changed([](Segment& s) { s.id = 2; })) == 2);
    CHECK(frames_of_two(changed([](Segment& s) { s.payload = 1001; })) == 2);
    CHECK(frames_of_two(changed([](Segment& s) { s.port = 81; })) == 2);
    CHECK(frames_of_two(changed([](Segment& s) { s.flags = ack | 0x20; })) == 2);  // urgent
    CHECK(frames_of_two(changed([](Segment& s) { s.flags = ack | 0x04; })) == 2);  // reset
    CHECK(frames_of_two(changed([](Segment& s) { s.payload = 900; })) == 1);
    CHECK(frames_of_two(changed([](Segment& s) { s.flags = ack | push; })) == 1);
    CHECK(frames_of_two(next, {.flags = ack | push}) == 2);
    CHECK(frames_of_two(next, {.flags = ack | 0x80}) == 2);  // congestion window reduced
}

TEST_CASE("a short segment, a push or an end is the last of its frame") {
    for (Segment const& last : {Segment{.payload = 10, .sequence = 1000, .id = 1},
                                Segment{.sequence = 1000, .flags = ack | push, .id = 1},
                                Segment{.sequence = 1000, .flags = ack | fin, .id = 1}}) {
        Setup s;
        s.add(Segment{});
        s.add(last);
        s.add(Segment{.sequence = 1000 + last.payload, .id = 2});
        s.flush();
        REQUIRE(s.out.size() == 2);
        REQUIRE(s.out[0]->is_large());
        REQUIRE_FALSE(s.out[1]->is_large());
    }
}

TEST_CASE("congestion that was experienced by one is not by all") {
    auto marked = bytes_of(next);
    marked[tcp_frame::ip_at + 1] = std::byte{3};
    tcp_frame::put16(marked, tcp_frame::ip_at + 10, 0);
    tcp_frame::put16(marked, tcp_frame::ip_at + 10,
                     ~tcp_frame::sum_of(marked, tcp_frame::ip_at, tcp_frame::ip_at + 20) & 0xffff);
    auto accurate = bytes_of(next);
    accurate[tcp_frame::ip_at + 20 + 12] |= std::byte{1};
    for (Frame const& second : {marked, accurate}) {
        Setup s;
        s.add(Segment{});
        s.add(second);
        s.flush();
        REQUIRE(s.out.size() == 2);
    }
}

TEST_CASE("what has not been verified, or is another's too, passes by itself and in its place") {
    Setup s;
    s.add(Segment{});
    auto unverified = s.packet(bytes_of(next));
    unverified->checksum = nic::Checksum::unknown;
    s.add(std::move(unverified));
    auto shared = s.packet(bytes_of(Segment{.sequence = 2000, .id = 2}));
    auto const other = shared.share();
    s.add(std::move(shared));
    REQUIRE(s.out.size() == 3);
    REQUIRE(s.cut() ==
            std::vector{bytes_of(Segment{}), bytes_of(next), bytes_of(Segment{.sequence = 2000, .id = 2})});
}

TEST_CASE("of acknowledgements alone the latest stays, and duplicates all do") {
    Setup s;
    for (u32 i = 0; i < 5; ++i)
        s.add(Segment{.payload = 0, .acknowledged = 100 + i, .id = static_cast<u16>(i)});
    for (u32 i = 0; i < 3; ++i)
        s.add(Segment{.payload = 0, .acknowledged = 104});
    s.flush();
    REQUIRE(s.out.size() == 4);
    REQUIRE(tcp_frame::bytes_of(*s.out[0]) == bytes_of(Segment{.payload = 0, .acknowledged = 104, .id = 4}));
}

TEST_CASE("a wrong header is not made right") {
    auto wrong = bytes_of(next);
    wrong[tcp_frame::ip_at + 10] ^= std::byte{1};
    Setup s;
    s.add(Segment{});
    s.add(wrong);
    s.flush();
    REQUIRE(s.cut() == std::vector{bytes_of(Segment{}), wrong});
}

TEST_CASE("padding of short frames is not taken for payload") {
    auto padded = bytes_of(Segment{.payload = 2, .sequence = 1000, .id = 1});
    padded.resize(60, std::byte{0xee});
    Setup s;
    s.add(Segment{});
    s.add(padded);
    s.flush();
    REQUIRE(s.out.size() == 1);
    REQUIRE(s.out[0]->total() == 54 + 1002);
}

TEST_CASE("a taker of no large frames gets what came") {
    Setup s;
    s.aggregator = frame::Aggregator{{}};
    s.add(Segment{});
    s.add(next);
    REQUIRE(s.out.size() == 2);
}

TEST_CASE("segments are counted whether merged or not, and what is no TCP is not") {
    Setup s;
    s.add(Segment{});
    s.add(next);
    s.add(Segment{.flags = static_cast<u8>(ack | push), .port = 81});
    s.add(Frame(60));
    REQUIRE(s.aggregator.take_segments() == 3);
    REQUIRE(s.aggregator.take_segments() == 0);
}

TEST_CASE("a large frame of another guest counts as a segment") {
    Setup s;
    auto frame = s.packet(bytes_of({}));
    frame->checksum = nic::Checksum::blank;
    frame->segment_bytes = 500;
    s.add(std::move(frame));
    REQUIRE(s.aggregator.take_segments() == 1);
}

TEST_CASE("cut again, every connection's frames are the same bytes in the same order") {
    CHECK(rc::check([](std::vector<std::tuple<u8, u8>> const& steps) {
        Setup s;
        std::map<u16, std::vector<Frame>> sent;
        std::map<u16, Segment> state;
        u32 const usual = *rc::gen::inRange<u32>(1, 1460);
        for (auto const& [connection, what] : steps) {
            auto const port = static_cast<u16>(connection % 10);
            Segment& at = state.try_emplace(port, Segment{.port = port, .v6 = port % 2 != 0}).first->second;
            at.payload = what % 11 == 0 ? *rc::gen::inRange<u32>(1, 1460) : usual;
            at.flags = static_cast<u8>(ack | (what % 7 == 0 ? push : 0) | (what % 31 == 0 ? fin : 0));
            at.acknowledged += what % 13 == 0 ? 100 : 0;
            at.sequence += what % 17 == 0 ? 5 : 0;
            s.add(at);
            sent[port].push_back(bytes_of(at));
            at.sequence += at.payload;
            ++at.id;
            if (what % 23 == 0)
                s.flush();
        }
        s.flush();
        std::map<u16, std::vector<Frame>> received;
        for (Frame const& frame : s.cut()) {
            bool const v6 = tcp_frame::get16(frame, 12) == 0x86dd;
            received[static_cast<u16>(tcp_frame::get16(frame, 14 + tcp_frame::ip_bytes(v6)))].push_back(
                frame);
        }
        RC_ASSERT(received == sent);
        RC_ASSERT(s.pool->free() == s.pool->size());
    }));
}
