// SPDX-License-Identifier: MIT
// What the next backend makes of rings that one before it left, at any point.
#include "dom0/net/netback/takeover.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include "dom0/net/netback/tx_answer.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

using TxBack = BackRing<netif_tx_request_t, netif_tx_response_t>;
using RxBack = BackRing<netif_rx_request_t, netif_rx_response_t>;

netif_tx_request_t slot(u16 id, u16 flags) {
    return {.gref = 1000u + id, .offset = 0, .flags = flags, .id = id, .size = 100};
}

void put_extra(guest::TxRing& page, u8 flags = 0) {
    netif_tx_request_t raw{};
    netif_extra_info_t extra{};
    extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
    extra.flags = flags;
    std::memcpy(static_cast<void*>(&raw), &extra, sizeof extra);
    page.request(raw);
}

// A plain frame, a large one of three parts, a plain one.
void send_three(guest::TxRing& page) {
    page.request(slot(5, 0));
    page.request(slot(6, NETTXF_extra_info | NETTXF_more_data));
    put_extra(page);
    page.request(slot(7, NETTXF_more_data));
    page.request(slot(8, 0));
    page.request(slot(9, 0));
}

void check_refused(std::vector<netif_tx_response_t> const& responses) {
    REQUIRE(responses.size() == 6);
    constexpr std::array<u16, 6> ids{5, 6, 0, 7, 8, 9};
    for (usize i = 0; i < ids.size(); ++i) {
        CHECK(responses[i].status == (i == 2 ? NETIF_RSP_NULL : NETIF_RSP_ERROR));
        if (i != 2)
            CHECK(responses[i].id == ids[i]);
    }
}

}  // namespace

TEST_CASE("frames that were given to a backend that ended are refused, extra slots kept in place") {
    guest::TxRing page;
    send_three(page);
    TxBack next{page.bytes.data()};
    CHECK(*refuse_left(next) == 3);
    check_refused(page.responses());
    CHECK(*next.pending() == 0);
}

TEST_CASE("answers that nobody was shown do not hide what was asked", "[property]") {
    rc::prop("any number of them", []() {
        guest::TxRing page;
        send_three(page);
        TxBack old{page.bytes.data()};
        u32 const written = *rc::gen::inRange(0u, 7u);
        old.consume(written);
        constexpr std::array<u16, 6> ids{5, 6, 0, 7, 8, 9};
        for (u32 i = 0; i < written; ++i)
            old.respond({ids[i], static_cast<s16>(i == 2 ? NETIF_RSP_NULL : NETIF_RSP_OKAY)});
        TxBack next{page.bytes.data()};
        RC_ASSERT(*refuse_left(next) == 3u);
        check_refused(page.responses());
    });
}

TEST_CASE("of a frame with several extra slots each stays known as one, whatever was answered",
          "[property]") {
    rc::prop("any number of them", []() {
        guest::TxRing page;
        page.request(slot(5, NETTXF_extra_info | NETTXF_more_data));
        put_extra(page, XEN_NETIF_EXTRA_FLAG_MORE);
        put_extra(page);
        page.request(slot(6, 0));
        page.request(slot(7, 0));
        u32 const written = *rc::gen::inRange(0u, 6u);
        for (unsigned backend = 0; backend < 2;
             ++backend) {  // the second ends before it has shown anything, too
            TxBack old{page.bytes.data()};
            std::array<netif_tx_request_t, 5> slots;
            for (u32 i = 0; i < slots.size(); ++i)
                old.peek(i, slots[i]);
            old.consume(written);
            for (u32 i = 0; i < written; ++i)
                old.respond(answer_with(kept_of(slots[i], is_extra(i, 2)), is_extra(i, 2), NETIF_RSP_OKAY));
        }
        TxBack next{page.bytes.data()};
        RC_ASSERT(*refuse_left(next) == 2u);
        auto const responses = page.responses();
        for (usize i = 0; i < responses.size(); ++i)
            RC_ASSERT(responses[i].status ==
                      (is_extra(static_cast<u32>(i), 2) ? NETIF_RSP_NULL : NETIF_RSP_ERROR));
        RC_ASSERT(responses[0].id == 5);
        RC_ASSERT(responses[3].id == 6);
        RC_ASSERT(responses[4].id == 7);
    });
}

TEST_CASE("a ring is taken over where it stands, far from its beginning") {
    guest::TxRing page;
    TxBack old{page.bytes.data()};
    for (u32 i = 0; i < 1000; ++i) {
        page.request(slot(static_cast<u16>(i % 256), 0));
        old.consume(1);
        old.respond({static_cast<u16>(i % 256), NETIF_RSP_OKAY});
        old.show();
        static_cast<void>(page.responses());
    }
    send_three(page);
    TxBack next{page.bytes.data()};
    CHECK(*refuse_left(next) == 3);
    check_refused(page.responses());
}

TEST_CASE("pages posted to a backend that ended come back unused") {
    guest::RxRing page;
    for (u16 id = 0; id < 40; ++id)
        page.request({.id = id, .pad = 0, .gref = 1000u + id});
    RxBack old{page.bytes.data()};
    old.consume(20);
    for (u16 id = 0; id < 7; ++id)
        old.respond({id, 0, 0, 100});
    old.show();
    for (u16 id = 7; id < 12; ++id)  // never shown
        old.respond({id, 0, NETRXF_data_validated, 100});
    REQUIRE(page.responses().size() == 7);
    RxBack next{page.bytes.data()};
    REQUIRE(refuse_left(next).has_value());
    auto const responses = page.responses();
    REQUIRE(responses.size() == 33);
    for (usize i = 0; i < responses.size(); ++i) {
        CHECK(responses[i].id == 7 + i);
        CHECK(responses[i].status == NETIF_RSP_ERROR);
    }
}

TEST_CASE("NB-01 a ring that makes no sense is not taken over") {
    guest::TxRing page;
    page.indexes().req_prod = 300;
    TxBack tx{page.bytes.data()};
    CHECK(refuse_left(tx).error() == Errno::range);
    CHECK(page.responses().empty());
    guest::RxRing rx_page;
    rx_page.indexes().req_prod = 0x80000000;
    RxBack rx{rx_page.bytes.data()};
    CHECK(refuse_left(rx).error() == Errno::range);
    CHECK(rx_page.responses().empty());
}

TEST_CASE("NB-06 whatever lies on a ring, each slot is answered once", "[property]") {
    rc::prop("any bytes", [](std::vector<u8> const& noise) {
        guest::TxRing page;
        u32 const count = *rc::gen::inRange(0u, 257u);
        for (usize i = 0; i < count * sizeof(netif_tx_request_t) && !noise.empty(); ++i)
            page.bytes[64 + i] = std::byte{noise[i % noise.size()]};
        page.indexes().req_prod = count;
        TxBack next{page.bytes.data()};
        RC_ASSERT(refuse_left(next).has_value());
        RC_ASSERT(page.responses().size() == count);
    });
}
