// SPDX-License-Identifier: MIT
#include "guest-pv/net/tx_ring.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/unit/guest-pv/net/backend.hpp"

using namespace net;

namespace {

struct Wire : Backend<netif_tx_request_t, netif_tx_response_t, TxRing::slots> {
    TxRing ring{page.data(), buffers};

    u16 send(usize length) {
        ring.push(length);
        static_cast<void>(ring.publish());
        return request(req_prod() - 1).id;
    }
};

}  // namespace

TEST_CASE("a frame is one request for the buffer it was written to") {
    Wire wire;
    wire.ring.next_buffer()[0] = std::byte{42};
    u16 const id = wire.send(60);
    auto const request = wire.request(0);
    CHECK(request.size == 60);
    CHECK(request.offset == 0);
    CHECK(request.flags == 0);
    CHECK(request.gref == wire.buffers[id].ref.raw());
    CHECK(wire.buffers[id].page[0] == std::byte{42});
}

TEST_CASE("the backend is notified only when it asked for it") {
    Wire wire;
    wire.ring.push(60);
    CHECK(wire.ring.publish());
    wire.ring.push(60);
    CHECK(!wire.ring.publish());
    wire.req_event() = 4;
    wire.ring.push(60);
    CHECK(!wire.ring.publish());
    wire.ring.push(60);
    CHECK(wire.ring.publish());
}

TEST_CASE("a full ring has room again once a frame is answered") {
    Wire wire;
    for (usize frame = 0; frame < TxRing::slots; frame++) {
        REQUIRE(!wire.ring.full());
        wire.send(60);
    }
    CHECK(wire.ring.full());
    wire.respond(netif_tx_response_t{.id = 17, .status = NETIF_RSP_OKAY});
    CHECK(wire.ring.reap());
    CHECK(!wire.ring.full());
    CHECK(wire.send(60) == 17);
}

TEST_CASE("refused frames are counted and their buffers come back") {
    Wire wire;
    u16 const id = wire.send(60);
    wire.respond(netif_tx_response_t{.id = id, .status = NETIF_RSP_DROPPED});
    CHECK(wire.ring.reap());
    CHECK(wire.ring.counts().refused == 1);
}

TEST_CASE("NF-1 an answer to a frame that is not under way is an error") {
    Wire wire;
    u16 const id = wire.send(60);
    wire.respond(netif_tx_response_t{.id = static_cast<u16>(id ^ 1), .status = NETIF_RSP_OKAY});
    CHECK(!wire.ring.reap());
}

TEST_CASE("NF-1 a second answer to the same frame is an error") {
    Wire wire;
    u16 const id = wire.send(60);
    wire.send(60);
    wire.respond(netif_tx_response_t{.id = id, .status = NETIF_RSP_OKAY});
    wire.respond(netif_tx_response_t{.id = id, .status = NETIF_RSP_OKAY});
    CHECK(!wire.ring.reap());
}

TEST_CASE("NF-1 an identifier beyond the ring is an error") {
    Wire wire;
    wire.send(60);
    wire.respond(netif_tx_response_t{.id = 0xffff, .status = NETIF_RSP_OKAY});
    CHECK(!wire.ring.reap());
}

TEST_CASE("NF-1 more answers than questions are an error, whatever the index wraps to") {
    for (u32 lie : {u32{2}, u32{257}, u32{0x8000'0000}, ~u32{0}}) {
        Wire wire;
        wire.send(60);
        wire.rsp_prod() = lie;
        CHECK(!wire.ring.reap());
    }
}

TEST_CASE("NF-1 buffers under way are never handed out, in whatever order answers come") {
    CHECK(rc::check([](std::vector<u8> const& choices) {
        Wire wire;
        std::vector<u16> under_way;
        for (u8 choice : choices) {
            if (choice % 2 == 0 && !wire.ring.full()) {
                u16 const id = wire.send(60);
                RC_ASSERT(std::ranges::find(under_way, id) == under_way.end());
                under_way.push_back(id);
            } else if (!under_way.empty()) {
                auto const chosen = under_way.begin() + choice % static_cast<int>(under_way.size());
                wire.respond(netif_tx_response_t{.id = *chosen, .status = NETIF_RSP_OKAY});
                under_way.erase(chosen);
                RC_ASSERT(wire.ring.reap().has_value());
            }
        }
    }));
}

TEST_CASE("listening tells of an answer that came before anybody asked to hear of it") {
    Wire wire;
    u16 const id = wire.send(60);
    CHECK(!wire.ring.listen());
    CHECK(wire.rsp_event() == 1);
    wire.respond(netif_tx_response_t{.id = id, .status = NETIF_RSP_OKAY});
    CHECK(wire.ring.listen());
}
