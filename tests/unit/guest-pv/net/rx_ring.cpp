// SPDX-License-Identifier: MIT
#include "guest-pv/net/rx_ring.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "kernel/abi/backend_pages.hpp"
#include "tests/unit/guest-pv/net/backend.hpp"

using namespace net;

namespace {

struct Wire : Backend<netif_rx_request_t, netif_rx_response_t, RxRing::slots> {
    RxRing ring{page.data(), buffers};
    std::vector<std::vector<std::byte>> frames;
    std::vector<std::byte> backend_pages = std::vector<std::byte>(RxRing::slots * page_size);

    Wire() { static_cast<void>(ring.repost()); }

    // The next buffer, filled with `fill`.
    void deliver(usize length, u16 flags = 0, u16 offset = 0, std::byte fill = std::byte{1}) {
        u16 const id = static_cast<u16>(rsp_prod() % RxRing::slots);
        std::memset(buffers[id].page + offset, static_cast<int>(fill), length);
        respond(netif_rx_response_t{
            .id = id, .offset = offset, .flags = flags, .status = static_cast<s16>(length)});
    }

    // The same in a page of the backend's.
    void deliver_there(usize length, u16 flags = 0, u16 offset = 0, std::byte fill = std::byte{1}) {
        u16 const slot = static_cast<u16>(rsp_prod() % RxRing::slots);
        std::memset(backend_pages.data() + slot * page_size + offset, static_cast<int>(fill), length);
        respond(netif_rx_response_t{.id = slot,
                                    .offset = offset,
                                    .flags = static_cast<u16>(flags | backend_pages::is_here),
                                    .status = static_cast<s16>(length)});
    }
    void map_backend_pages() { ring.read_from(RxRing::BackendPages{backend_pages}); }

    bool receive() {
        return ring
            .receive(1000,
                     [this](RxRing::Pieces pieces) {
                         auto& frame = frames.emplace_back();
                         for (auto piece : pieces)
                             frame.insert(frame.end(), piece.begin(), piece.end());
                     })
            .has_value();
    }
};

}  // namespace

TEST_CASE("all buffers are posted at the start, each under its own number") {
    Wire wire;
    CHECK(wire.req_prod() == RxRing::slots);
    for (u32 slot = 0; slot < RxRing::slots; slot++) {
        CHECK(wire.request(slot).id == slot);
        CHECK(wire.request(slot).gref == wire.buffers[slot].ref.raw());
    }
}

TEST_CASE("a frame in one buffer arrives with its bytes") {
    Wire wire;
    wire.deliver(60, 0, 100, std::byte{7});
    REQUIRE(wire.receive());
    REQUIRE(wire.frames.size() == 1);
    CHECK(wire.frames[0] == std::vector(60, std::byte{7}));
}

TEST_CASE("a frame in several buffers arrives in one piece") {
    Wire wire;
    wire.deliver(page_size, NETRXF_more_data, 0, std::byte{1});
    wire.deliver(page_size, NETRXF_more_data, 0, std::byte{2});
    wire.deliver(5, 0, 0, std::byte{3});
    REQUIRE(wire.receive());
    REQUIRE(wire.frames.size() == 1);
    CHECK(wire.frames[0].size() == 2 * page_size + 5);
    CHECK(wire.frames[0].back() == std::byte{3});
}

TEST_CASE("extra information is stepped over") {
    Wire wire;
    wire.deliver(60, NETRXF_extra_info | NETRXF_more_data);
    netif_extra_info_t extra{};
    extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
    extra.flags = XEN_NETIF_EXTRA_FLAG_MORE;
    wire.respond(extra);
    extra.flags = 0;
    wire.respond(extra);
    wire.deliver(40);
    wire.deliver(61);
    REQUIRE(wire.receive());
    REQUIRE(wire.frames.size() == 2);
    CHECK(wire.frames[0].size() == 100);
    CHECK(wire.frames[1].size() == 61);
}

TEST_CASE("answered buffers are posted again") {
    Wire wire;
    for (int round = 0; round < 1000; round++) {
        wire.deliver(60);
        REQUIRE(wire.receive());
        static_cast<void>(wire.ring.repost());
    }
    CHECK(wire.frames.size() == 1000);
    CHECK(wire.ring.counts().frames == 1000);
    CHECK(wire.ring.counts().bytes == 60'000);
}

TEST_CASE("frames are copied out of the backend's pages where it says so") {
    Wire wire;
    wire.map_backend_pages();
    wire.deliver_there(60, 0, 100, std::byte{7});
    wire.deliver(61, 0, 0, std::byte{8});
    wire.deliver_there(page_size, NETRXF_more_data, 0, std::byte{9});
    wire.deliver_there(5, 0, 0, std::byte{10});
    REQUIRE(wire.receive());
    REQUIRE(wire.frames.size() == 3);
    CHECK(wire.frames[0] == std::vector(60, std::byte{7}));
    CHECK(wire.frames[1] == std::vector(61, std::byte{8}));
    CHECK(wire.frames[2].size() == page_size + 5);
    CHECK(wire.frames[2].front() == std::byte{9});
    CHECK(wire.frames[2].back() == std::byte{10});
}

TEST_CASE("NF-1 a frame said to be in pages that nobody has mapped is spoiled") {
    Wire wire;
    wire.deliver_there(60);
    wire.deliver(61);
    REQUIRE(wire.receive());
    CHECK(wire.frames.size() == 1);
    CHECK(wire.ring.counts().errors == 1);
}

TEST_CASE("NF-1 an answer for another slot is an error") {
    Wire wire;
    wire.respond(netif_rx_response_t{.id = 5, .offset = 0, .flags = 0, .status = 60});
    CHECK(!wire.receive());
}

TEST_CASE("NF-1 more answers than posted buffers are an error") {
    Wire wire;
    wire.rsp_prod() = RxRing::slots + 1;
    CHECK(!wire.receive());
    CHECK(wire.frames.empty());
}

TEST_CASE("NF-1 a piece that reaches beyond its page spoils the frame alone") {
    struct Shape {
        u16 offset;
        s16 length;
    };
    for (auto [offset, length] : {Shape{1, 4096}, Shape{4096, 1}, Shape{0xffff, 100}, Shape{0, 0},
                                  Shape{0, -1}, Shape{0, -32768}, Shape{4095, 2}}) {
        for (u16 const flags : {u16{0}, backend_pages::is_here}) {
            Wire wire;
            wire.map_backend_pages();
            wire.respond(netif_rx_response_t{.id = 0, .offset = offset, .flags = flags, .status = length});
            wire.deliver(60);
            REQUIRE(wire.receive());
            CHECK(wire.frames.size() == 1);
            CHECK(wire.ring.counts().errors == 1);
        }
    }
}

TEST_CASE("NF-1 a frame of too many pieces, or without an end, is dropped whole") {
    Wire wire;
    for (usize piece = 0; piece <= RxRing::max_fragments; piece++)
        wire.deliver(60, NETRXF_more_data);
    wire.deliver(60);
    wire.deliver(61);
    wire.deliver(60, NETRXF_more_data);
    REQUIRE(wire.receive());
    REQUIRE(wire.frames.size() == 1);
    CHECK(wire.frames[0].size() == 61);
    CHECK(wire.ring.counts().errors == 2);
}

TEST_CASE("NF-1 whatever a backend writes, frames stay within buffers and counts agree") {
    CHECK(rc::check([](std::vector<std::array<u16, 4>> const& answers) {
        Wire wire;
        wire.map_backend_pages();
        for (auto const& [id, offset, flags, status] : answers) {
            // Mostly right, or nothing beyond the first answer is ever reached.
            u16 const expected = static_cast<u16>(wire.rsp_prod() % RxRing::slots);
            wire.respond(netif_rx_response_t{.id = id % 32 == 0 ? id : expected,
                                             .offset = static_cast<u16>(offset % 5000),
                                             .flags = static_cast<u16>(flags & (31 | backend_pages::is_here)),
                                             .status = static_cast<s16>(status)});
            if (status % 4 == 0) {
                if (!wire.receive())
                    return;
                static_cast<void>(wire.ring.repost());
            }
        }
        RC_ASSERT(wire.frames.size() == wire.ring.counts().frames);
    }));
}
