// SPDX-License-Identifier: MIT
// The way from a guest, against a ring page and grants that misbehave.
#include "dom0/net/netback/tx_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <cstring>
#include <thread>

#include "tests/host/net/tcp_frame.hpp"
#include "tests/host/net/transmit_side.hpp"

using namespace netback;

namespace {

struct Setup : guest::TransmitSide {
    Setup() {
        guest::batches = 0;
        for (u32 ref = 1; ref <= 300; ++ref)
            guest::pages[ref].fill(std::byte{static_cast<u8>(ref)});
    }
    // A large frame in parts of a page, from grant 1 on.
    void send_large(tcp_frame::Frame const& frame, u16 segment, u8 type = XEN_NETIF_GSO_TYPE_TCPV4) {
        auto const parts = tcp_frame::pages_of(frame);
        for (u32 i = 0; i < parts.size(); ++i)
            guest::pages[1 + i] = parts[i];
        netif_extra_info_t extra{};
        extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
        extra.u.gso.type = type;
        extra.u.gso.size = segment;
        auto const total = static_cast<u16>(frame.size());
        u16 const more = parts.size() > 1 ? NETTXF_more_data : 0;
        send(total, 0, 1, static_cast<u16>(NETTXF_csum_blank | NETTXF_extra_info | more));
        netif_tx_request_t slot{};
        std::memcpy(&slot, &extra, sizeof extra);
        page.request(slot);
        for (u32 i = 1; i < parts.size(); ++i) {
            bool const last = i + 1 == parts.size();
            auto const bytes = static_cast<u16>(last ? frame.size() - i * page_size : page_size);
            send(bytes, static_cast<u16>(i), 1 + i, last ? 0 : NETTXF_more_data);
        }
    }
    void send(u16 size, u16 id, u32 ref = 1, u16 flags = 0) {
        page.request({.gref = ref, .offset = 0, .flags = flags, .id = id, .size = size});
    }
};

// A guest that spoils its whole ring when what it asked for is under way.
guest::TxRing* spoiled = nullptr;

Result<> copy_and_spoil(std::span<gnttab_copy_t> ops) {
    std::memset(spoiled->slot(0), 0x5a, page_size - 64);
    return guest::copy(ops);
}

}  // namespace

TEST_CASE("a batch of frames is copied with one hypercall and answered in order") {
    Setup s;
    for (u16 i = 0; i < 40; ++i)
        s.send(1514, i, 1U + i);
    auto const polled = s.poll();
    REQUIRE(polled->packets == 40);
    REQUIRE(s.queue.unseen().ready == 40);
    REQUIRE(guest::batches == 1);
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 40);
    for (u16 i = 0; i < 40; ++i) {
        REQUIRE(responses[i].id == i);
        REQUIRE(responses[i].status == NETIF_RSP_OKAY);
        REQUIRE(s.into[i]->length == 1514);
        REQUIRE(s.into[i]->data[1513] == std::byte{static_cast<u8>(i + 1)});
    }
}

TEST_CASE("NB-01 a producer further ahead than the ring is long is an error, not work") {
    Setup s;
    s.page.indexes().req_prod = 257;
    REQUIRE(s.poll().error() == Errno::range);
    REQUIRE(s.queue.arm(1).error() == Errno::range);
}

TEST_CASE("NB-01 one poll takes no more than its budget of packets") {
    Setup s;
    for (u16 i = 0; i < 256; ++i)
        s.send(60, i);
    REQUIRE(s.poll()->packets == TxQueue::batch);
    REQUIRE(s.page.responses().size() == TxQueue::batch);
}

TEST_CASE("NB-02 a guest that changes its requests while they are read gains nothing") {
    Setup s;
    std::atomic<bool> stop{false};
    auto* const slots = reinterpret_cast<std::atomic<u32>*>(s.page.slot(0));
    std::thread changes{[&] {
        constexpr usize words = 256 * sizeof(netif_tx_request_t) / sizeof(u32);
        for (u32 noise = 1; !stop.load(); noise = noise * 1664525 + 1013904223)
            slots[noise % words].store(noise >> (noise % 31), std::memory_order_relaxed);
    }};
    // Each round shows a ring full of requests; what becomes of them is a packet
    // inside its bounds, a refusal, or the end of the service.
    for (unsigned round = 0; round < 300; ++round) {
        s.page.indexes().req_prod = s.page.indexes().rsp_prod + 40;
        auto const polled = s.poll();
        if (!polled)
            break;
        for (usize i = 0; i < polled->packets; ++i) {
            REQUIRE(s.into[i]->length <= page_size);
            s.into[i].reset();
        }
    }
    stop = true;
    changes.join();
}

TEST_CASE("NB-02 what a guest asked for is what was read at first, to the last answer") {
    Setup s;
    spoiled = &s.page;
    GrantCopies copies{{DomId{7}, copy_and_spoil}};
    TxQueue queue{
        s.page.bytes.data(), copies, {nic::frame_bytes(1500), *s.pool, s.groups, s.policy, s.counters}};
    s.send(1000, 7, 3);
    s.send(300, 8, 4, NETTXF_more_data);
    s.send(100, 9, 5);
    s.send(100, 10, 6, NETTXF_extra_info);  // of no kind that there is
    s.page.request({});
    REQUIRE(queue.poll(s.into, ~u64{0})->packets == 2);
    spoiled = nullptr;
    REQUIRE(s.into[0]->total() == 1000);
    REQUIRE(s.into[0]->data[999] == std::byte{3});
    REQUIRE(s.into[1]->total() == 300);
    REQUIRE(s.into[1]->data[199] == std::byte{4});
    REQUIRE(s.into[1]->data[200] == std::byte{5});
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 5);
    for (u16 i = 0; i < 4; ++i) {
        REQUIRE(responses[i].id == 7 + i);
        REQUIRE(responses[i].status == (i == 3 ? NETIF_RSP_ERROR : NETIF_RSP_OKAY));
    }
    REQUIRE(responses[4].status == NETIF_RSP_NULL);
}

TEST_CASE("NB-03 a refused chain gets one response a slot, extra info one of its own kind") {
    Setup s;
    s.send(100, 4, 1, NETTXF_extra_info | NETTXF_more_data);
    s.page.request({});
    s.send(50, 5, 2);
    auto const polled = s.poll();
    REQUIRE(polled->packets == 0);
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 3);
    REQUIRE(responses[0].status == NETIF_RSP_ERROR);
    REQUIRE(responses[1].status == NETIF_RSP_NULL);
    REQUIRE(responses[2].id == 5);
    REQUIRE(responses[2].status == NETIF_RSP_ERROR);
    REQUIRE(s.counters.dropped(Drop::bad_extra) == 1);
}

TEST_CASE("NB-06 ids are echoed whatever they are") {
    Setup s;
    for (u16 id : {u16{0}, u16{255}, u16{65535}, u16{255}})
        s.send(60, id);
    REQUIRE(s.poll()->packets == 4);
    auto const responses = s.page.responses();
    REQUIRE(responses[2].id == 65535);
    REQUIRE(responses[3].id == 255);
}

TEST_CASE("NB-07 any operation of a batch may fail and only its packet is lost") {
    for (usize k = 0; k < 6; ++k) {
        Setup s;
        for (u16 i = 0; i < 3; ++i) {
            s.send(200, static_cast<u16>(2 * i), 1, NETTXF_more_data);
            s.send(100, static_cast<u16>(2 * i + 1), 2);
        }
        guest::failing = {k};
        usize const free = s.pool->free();
        REQUIRE(s.poll()->packets == 2);
        REQUIRE(s.pool->free() == free - 2);
        auto const responses = s.page.responses();
        REQUIRE(responses.size() == 6);
        for (usize i = 0; i < 6; ++i)
            REQUIRE((responses[i].status == NETIF_RSP_ERROR) == (i / 2 == k / 2));
        REQUIRE(s.counters.dropped(Drop::grant_refused) == 1);
    }
}

TEST_CASE("NB-07 a grant that does not exist costs one packet") {
    Setup s;
    s.send(60, 1, 9999);
    REQUIRE(s.poll()->packets == 0);
    REQUIRE(s.page.responses()[0].status == NETIF_RSP_ERROR);
}

TEST_CASE("NB-11 what is no frame never becomes a packet") {
    Setup s;
    s.send(13, 1);
    s.send(1519, 2);
    s.send(100, 3, 1, NETTXF_csum_blank);  // neither TCP nor UDP
    REQUIRE(s.poll()->packets == 0);
    REQUIRE(s.counters.dropped(Drop::too_short) == 1);
    REQUIRE(s.counters.dropped(Drop::too_long) == 1);
    REQUIRE(s.counters.dropped(Drop::bad_checksum_place) == 1);
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("NB-12 a frame ends where the guest's bytes end") {
    Setup s;
    s.send(1514, 1, 200);
    REQUIRE(s.poll()->packets == 1);
    s.into[0].reset();  // its buffer is the next to be used
    s.send(20, 2, 3);
    REQUIRE(s.poll()->packets == 1);
    REQUIRE(s.into[0]->total() == 20);
}

TEST_CASE("with no buffer left frames are dropped and still answered") {
    Setup s;
    std::vector<nic::PacketRef> held;
    while (auto packet = s.pool->take())
        held.push_back(std::move(packet));
    s.send(60, 1);
    REQUIRE(s.poll()->packets == 0);
    REQUIRE(s.page.responses()[0].status == NETIF_RSP_DROPPED);
}

TEST_CASE("a large frame is brought by one copy a part, and keeps what it says of itself") {
    Setup s;
    auto const frame = tcp_frame::make(20'000);
    s.send_large(frame, 1448);
    auto const polled = s.poll();
    REQUIRE(polled->packets == 1);
    nic::Packet const& packet = *s.into[0];
    REQUIRE(packet.total() == frame.size());
    REQUIRE(packet.buffers() == 6);  // the head, and one for each part
    REQUIRE(packet.segment_bytes == 1448);
    REQUIRE(packet.checksum == nic::Checksum::blank);
    auto received = tcp_frame::bytes_of(packet);
    tcp_frame::put16(received, 50, 0);  // the sum of the pseudo header is filled in
    bool const same = received == frame;
    REQUIRE(same);
    REQUIRE(s.page.responses().size() == 6);
}

TEST_CASE("parts of any size become full buffers") {
    Setup s;
    s.page.request({.gref = 1, .offset = 100, .flags = NETTXF_more_data, .id = 1, .size = 1500});
    s.page.request({.gref = 2, .offset = 4095, .flags = NETTXF_more_data, .id = 2, .size = 1});
    s.page.request({.gref = 3, .offset = 7, .flags = 0, .id = 3, .size = 700});
    REQUIRE(s.poll()->packets == 1);
    REQUIRE(s.into[0]->total() == 1500);
    REQUIRE(s.into[0]->buffers() == 1);
    REQUIRE(s.into[0]->data[798] == std::byte{1});
    REQUIRE(s.into[0]->data[799] == std::byte{2});
    REQUIRE(s.into[0]->data[800] == std::byte{3});
}

TEST_CASE("NB-05 a large frame whose headers are not what it says is refused") {
    auto const good = tcp_frame::make(5000);
    for (usize at : {usize{12}, usize{14}, usize{16}, usize{17}, usize{20}, usize{23}, usize{46}}) {
        Setup s;
        auto frame = good;
        frame[at] ^= std::byte{0xff};
        s.send_large(frame, 1448);
        REQUIRE(s.poll()->packets == 0);
        REQUIRE(s.page.responses()[0].status == NETIF_RSP_ERROR);
        REQUIRE(s.pool->free() == s.pool->size());
    }
    Setup s;
    s.send_large(good, 1448, XEN_NETIF_GSO_TYPE_TCPV6);
    REQUIRE(s.poll()->packets == 0);
    REQUIRE(s.counters.dropped(Drop::bad_segmentation) == 1);
}

TEST_CASE("NB-11 segments longer than the wire may see are refused") {
    Setup s;
    s.send_large(tcp_frame::make(20'000), 1500);
    REQUIRE(s.poll()->packets == 0);
    REQUIRE(s.counters.dropped(Drop::too_long) == 1);
}

TEST_CASE("NB-07 a large frame of which one copy fails is lost and leaves no buffer behind") {
    for (usize k = 0; k < 5; ++k) {
        Setup s;
        guest::failing = {k};
        s.send_large(tcp_frame::make(20'000), 1448);
        REQUIRE(s.poll()->packets == 0);
        REQUIRE(s.pool->free() == s.pool->size());
        REQUIRE(s.page.responses().size() == 6);
    }
}

TEST_CASE("a poll ends with the packet that uses up the credit") {
    Setup s;
    for (u16 i = 0; i < 10; ++i)
        s.send(1000, i);
    auto const polled = s.queue.poll(s.into, 2500);
    REQUIRE(polled->packets == 3);
    REQUIRE(polled->bytes == 3000);
    REQUIRE(s.poll()->packets == 7);
}

TEST_CASE("groups are added, dropped, and answered like frames") {
    Setup s;
    auto const change = [&](u8 type, u8 octet) {
        s.send(0, 9, 1, NETTXF_extra_info);
        netif_extra_info_t extra{};
        extra.type = type;
        extra.u.mcast.addr[0] = octet;
        netif_tx_request_t slot{};
        std::memcpy(&slot, &extra, sizeof extra);
        s.page.request(slot);
        REQUIRE(s.poll()->packets == 0);
        return s.page.responses().front().status;
    };
    REQUIRE(change(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 1) == NETIF_RSP_OKAY);
    REQUIRE(s.groups.passes(nic::Mac{{1, 0, 0, 0, 0, 0}}));
    REQUIRE(change(XEN_NETIF_EXTRA_TYPE_MCAST_DEL, 1) == NETIF_RSP_OKAY);
    REQUIRE_FALSE(s.groups.passes(nic::Mac{{1, 0, 0, 0, 0, 0}}));
    REQUIRE(change(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 2) == NETIF_RSP_ERROR);  // no group's address
}
