// SPDX-License-Identifier: MIT
// Large frames parts of which stay with the guest that sends them: how often
// bytes are copied, and when the guest hears of it, whatever it or the taker does.
#include "dom0/net/netback/loans.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <limits>

#include "dom0/net/netback/grant_copies.hpp"
#include "dom0/net/netback/rx_queue.hpp"
#include "dom0/net/netback/tx_queue.hpp"
#include "tests/host/net/device_maps.hpp"
#include "tests/host/net/guest_ring.hpp"
#include "tests/host/net/tcp_frame.hpp"

using namespace netback;

namespace {

constexpr DomId sender{7}, receiver{8};
constexpr u32 posted_from = 100;  // grants of the receiver's pages

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(512));
    Counters counters;
    MulticastFilter groups;
    policy::Policy policy;
    GrantCopies copies{{sender, guest::copy}};
    std::shared_ptr<StaticGrants> declared = std::make_shared<StaticGrants>(sender, guest::map);
    unsigned woken = 0;
    std::shared_ptr<Loans> loans = std::make_shared<Loans>(Peer{sender, guest::copy}, declared,
                                                           guest::device_calls, *pool, [this] { ++woken; });
    guest::TxRing page;
    std::optional<TxQueue> queue;
    std::array<nic::PacketRef, TxQueue::batch> into;

    guest::RxRing posted;
    GrantCopies to_receiver{{receiver, guest::copy}};
    RxQueue taker{posted.bytes.data(), to_receiver, *pool, counters};

    Setup() {
        guest::pages.clear();
        guest::failing.clear();
        guest::batches = 0;
        guest::grant_to_devices(1, 40);
        queue.emplace(page.bytes.data(), copies,
                      TxQueue::Shared{nic::frame_bytes(1500), *pool, groups, policy, counters}, loans);
    }
    // In parts of these sizes, from grant 1 on; the last one takes the rest.
    void send(tcp_frame::Frame const& frame, std::vector<u16> const& sizes) {
        netif_extra_info_t extra{};
        extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
        extra.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
        extra.u.gso.size = 1448;
        usize at = 0;
        for (u32 i = 0; i < sizes.size(); ++i) {
            std::copy_n(frame.begin() + static_cast<long>(at), sizes[i], guest::pages[1 + i].begin());
            auto flags = static_cast<u16>(i + 1 < sizes.size() ? NETTXF_more_data : 0);
            if (i == 0)
                flags |= NETTXF_csum_blank | NETTXF_extra_info;
            auto const size = i == 0 ? static_cast<u16>(frame.size()) : sizes[i];
            page.request(
                {.gref = 1 + i, .offset = 0, .flags = flags, .id = static_cast<u16>(i), .size = size});
            if (i == 0) {
                netif_tx_request_t slot{};
                std::memcpy(&slot, &extra, sizeof extra);
                page.request(slot);
            }
            at += sizes[i];
        }
    }
    tcp_frame::Frame send_large() {
        auto const frame = tcp_frame::make(16'000);
        send(frame, {54, 4096, 4096, 4096, 3712});
        return frame;
    }
    nic::PacketRef take() {
        auto const polled = queue->poll(into, std::numeric_limits<u64>::max());
        REQUIRE(polled->packets == 1);
        return std::move(into[0]);
    }
    void post(u32 count) {
        for (u32 i = 0; i < count; ++i) {
            u32 const number = posted.indexes().req_prod;
            guest::pages[posted_from + number] = {};
            posted.request({.id = static_cast<u16>(number), .pad = 0, .gref = posted_from + number});
        }
    }
    tcp_frame::Frame delivered() {
        tcp_frame::Frame all;
        u32 slot = 0;
        for (auto const& response : posted.responses()) {
            auto const& bytes = guest::pages[posted_from + slot++];
            if (slot != 2)  // of the extra info
                all.insert(all.end(), bytes.begin(), bytes.begin() + response.status);
        }
        return all;
    }
    u32 answered() {
        queue->settle();
        return static_cast<u32>(page.responses().size());
    }
};

// But for the sum of the pseudo header, which is filled in.
bool same(tcp_frame::Frame got, tcp_frame::Frame const& sent) {
    tcp_frame::put16(got, 50, 0);
    return got == sent;
}

}  // namespace

TEST_CASE("from guest to guest a large frame is copied once, page to page, and then answered") {
    Setup s;
    guest::copied = 0;
    auto const frame = s.send_large();
    auto packet = s.take();
    u64 const head = packet->length;
    REQUIRE(guest::copied == head);
    REQUIRE(s.answered() == 0);
    s.post(8);
    s.taker.enqueue(std::move(packet));
    REQUIRE(s.taker.flush(0).has_value());
    s.taker.bring_waiting();
    REQUIRE(guest::copied == head + frame.size());
    REQUIRE(same(s.delivered(), frame));
    REQUIRE(s.woken == 1);
    REQUIRE(s.answered() == 6);
    REQUIRE(s.counters.tx_lent == 1);
}

TEST_CASE("NB-09 a frame that waits for its taker does not keep its sender waiting") {
    Setup s;
    auto const frame = s.send_large();
    s.taker.enqueue(s.take());
    REQUIRE(s.taker.flush(0).has_value());
    s.taker.bring_waiting();
    REQUIRE(s.answered() == 6);
    for (u32 ref = 1; ref <= 5; ++ref)
        guest::pages[ref].fill(std::byte{0xee});  // it may use them for something else
    s.post(8);
    REQUIRE(s.taker.flush(0).has_value());
    REQUIRE(same(s.delivered(), frame));
}

TEST_CASE("a card reads the guest's pages, which are unmapped before the guest hears of it") {
    Setup s;
    s.loans->allow_mappings(true);
    s.send_large();
    auto packet = s.take();
    REQUIRE(nic::open_to_devices(*packet));
    REQUIRE(guest::map_calls == 1);
    REQUIRE(guest::device_mapped.size() == 4);
    nic::Packet const* const second = packet->next()->next();
    REQUIRE(second->at == guest::device_pages.at(3).maddr());
    REQUIRE(s.answered() == 0);
    packet.reset();
    REQUIRE(s.answered() == 6);
    REQUIRE(guest::device_mapped.empty());
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("in a mode that copies nothing is mapped, and after one frame for a card others are brought") {
    Setup s;
    auto const frame = s.send_large();
    auto packet = s.take();
    REQUIRE(nic::open_to_devices(*packet));
    REQUIRE(guest::map_calls == 0);
    REQUIRE(same(tcp_frame::bytes_of(*packet), frame));
    REQUIRE(s.answered() == 6);
    s.send_large();
    REQUIRE(s.take()->lender == nullptr);
    REQUIRE(s.answered() == 6);
}

TEST_CASE("pages that are declared need no hypercall, and cannot be taken back while in use") {
    Setup s;
    s.loans->allow_mappings(true);
    auto const frame = tcp_frame::make(16'000);
    for (u32 ref = 1; ref <= 5; ++ref)
        guest::pages[ref];
    REQUIRE(s.declared->add(std::array{GrantRef{2}, GrantRef{3}, GrantRef{4}, GrantRef{5}}, false));
    s.send(frame, {54, 4096, 4096, 4096, 3712});
    auto packet = s.take();
    unsigned const batches = guest::batches;
    REQUIRE(nic::open_to_devices(*packet));
    REQUIRE_FALSE(s.declared->remove(GrantRef{3}));
    REQUIRE(nic::at_hand(*packet));
    REQUIRE(same(tcp_frame::bytes_of(*packet), frame));
    REQUIRE(guest::batches == batches);
    REQUIRE(guest::map_calls == 0);
    REQUIRE(s.declared->remove(GrantRef{3}));
}

TEST_CASE("NB-07 a page taken back while it is lent costs the frame, and nothing else") {
    for (bool const mapped : {false, true}) {
        Setup s;
        s.loans->allow_mappings(mapped);
        s.send_large();
        auto packet = s.take();
        guest::pages.erase(4);
        guest::device_pages.erase(4);
        REQUIRE_FALSE(nic::open_to_devices(*packet));
        packet.reset();
        REQUIRE(s.answered() == 6);
        REQUIRE(guest::device_mapped.empty());
        REQUIRE(s.pool->free() == s.pool->size());
    }
}

TEST_CASE("NB-07 a frame revoked while it waits is dropped, and those beside it are not") {
    Setup s;
    s.send_large();
    auto small = s.pool->take();
    small->length = 100;
    s.taker.enqueue(small.share());
    s.taker.enqueue(s.take());
    s.taker.enqueue(std::move(small));
    guest::pages.erase(4);
    s.taker.bring_waiting();
    REQUIRE(s.taker.waiting() == 2);
    REQUIRE(s.counters.dropped(Drop::grant_refused) == 1);
}

TEST_CASE("NB-10 a guest that ends while a card has its pages leaves them mapped until the card is done") {
    Setup s;
    s.loans->allow_mappings(true);
    s.send_large();
    auto packet = s.take();
    REQUIRE(nic::open_to_devices(*packet));
    std::weak_ptr<Loans> const watched = s.loans;
    s.queue.reset();
    s.loans.reset();
    REQUIRE(guest::device_mapped.size() == 4);
    packet.reset();
    REQUIRE(guest::device_mapped.empty());
    REQUIRE(watched.expired());
}

TEST_CASE("NB-13 what waits at a card leaves the guest half of its ring") {
    Setup s;
    std::vector<nic::PacketRef> at_card;
    u32 lent = 0;
    for (u32 i = 0; i < 30; ++i) {
        s.send_large();
        at_card.push_back(s.take());
        lent += at_card.back()->lender != nullptr ? 1 : 0;
    }
    REQUIRE(lent == Loans::most_slots / 6);
    REQUIRE(s.answered() == (30 - lent) * 6);
    at_card.clear();
    REQUIRE(s.answered() == lent * 6);
}

TEST_CASE("what the policy has to read further into is brought before it is judged") {
    Setup s;
    auto frame = tcp_frame::make(16'000);
    frame[tcp_frame::ip_at + 9] = std::byte{1};  // no TCP
    s.send(frame, {54, 4096, 4096, 4096, 3712});
    REQUIRE(s.queue->poll(s.into, std::numeric_limits<u64>::max())->packets == 0);
    REQUIRE(s.counters.dropped(Drop::bad_checksum_place) == 1);
    REQUIRE(s.answered() == 6);
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("in parts of any size, and whoever takes it, a frame stays what it is and is answered once") {
    CHECK(rc::check([] {
        Setup s;
        s.loans->allow_mappings(*rc::gen::arbitrary<bool>());
        auto const sizes = *rc::gen::container<std::vector<u16>>(4, rc::gen::inRange<u16>(1, 4097));
        usize total = 0;
        for (u16 const size : sizes)
            total += size;
        RC_PRE(total > 100);
        auto const frame = tcp_frame::make(static_cast<u32>(total - 54));
        s.send(frame, sizes);
        auto packet = s.take();
        if (*rc::gen::arbitrary<bool>()) {
            RC_ASSERT(nic::at_hand(*packet));
            RC_ASSERT(same(tcp_frame::bytes_of(*packet), frame));
        } else {
            s.post(8);
            s.taker.enqueue(std::move(packet));
            RC_ASSERT(s.taker.flush(0).has_value());
            RC_ASSERT(same(s.delivered(), frame));
        }
        packet.reset();
        s.queue->settle();
        RC_ASSERT(s.page.responses().size() == 5U);
        RC_ASSERT(s.pool->free() == s.pool->size());
    }));
}
