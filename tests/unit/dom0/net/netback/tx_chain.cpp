// SPDX-License-Identifier: MIT
// Chains of transmit slots, hostile ones above all.
#include "dom0/net/netback/tx_chain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <array>
#include <cstring>
#include <numeric>
#include <vector>

using namespace netback;
using Verdict = TxChain::Verdict;

namespace {

using Slots = std::vector<netif_tx_request_t>;

// A chain of `parts` slots; the first says `total`, the others `each`.
Slots chain_of(unsigned parts, u16 total, u16 each, u16 offset = 0) {
    Slots slots;
    for (unsigned i = 0; i < parts; ++i) {
        bool const last = i + 1 == parts;
        slots.push_back({.gref = i + 1,
                         .offset = offset,
                         .flags = static_cast<u16>(last ? 0 : NETTXF_more_data),
                         .id = static_cast<u16>(i),
                         .size = i == 0 ? total : each});
    }
    return slots;
}

netif_tx_request_t extra_slot(u8 type, bool more) {
    netif_extra_info_t extra{};
    extra.type = type;
    extra.flags = more ? XEN_NETIF_EXTRA_FLAG_MORE : 0;
    netif_tx_request_t slot{};
    std::memcpy(&slot, &extra, sizeof extra);
    return slot;
}

netif_tx_request_t segmentation(u8 type, u16 size) {
    netif_extra_info_t extra{};
    extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
    extra.u.gso.type = type;
    extra.u.gso.size = size;
    netif_tx_request_t slot{};
    std::memcpy(&slot, &extra, sizeof extra);
    return slot;
}

TxChain read(Slots const& slots) {
    TxChain chain;
    read_chain(slots, chain);
    return chain;
}

u32 bytes_of(TxChain const& chain) {
    return std::accumulate(chain.parts.begin(), chain.parts.end(), 0U,
                           [](u32 sum, TxPart const& part) { return sum + part.bytes; });
}

}  // namespace

TEST_CASE("a packet in one slot is one part") {
    auto const chain = read(chain_of(1, 60, 0, 100));
    REQUIRE(chain.verdict == Verdict::accept);
    REQUIRE(chain.slots == 1);
    REQUIRE(chain.parts.size() == 1);
    REQUIRE(chain.parts[0].offset == 100);
    REQUIRE(chain.parts[0].bytes == 60);
}

TEST_CASE("NB-03 every chain shape at boundary sizes is accepted whole or answered whole") {
    constexpr std::array<u16, 9> sizes{0, 1, 13, 14, 60, 1518, 4095, 4096, 65535};
    for (unsigned parts = 1; parts <= 20; ++parts)
        for (u16 total : sizes)
            for (u16 each : sizes)
                for (u16 offset : {u16{0}, u16{1}, u16{4095}, u16{4096}, u16{65535}}) {
                    auto const chain = read(chain_of(parts, total, each, offset));
                    u32 const others = u32{each} * (parts - 1);
                    REQUIRE(chain.verdict != Verdict::malformed);
                    REQUIRE(chain.slots == parts);
                    if (chain.verdict != Verdict::accept)
                        continue;
                    REQUIRE(parts <= max_parts);
                    REQUIRE(others <= total);
                    REQUIRE(bytes_of(chain) == total);
                    for (TxPart const& part : chain.parts) {
                        REQUIRE(part.bytes != 0);
                        REQUIRE(u32{part.offset} + part.bytes <= page_size);
                    }
                }
}

TEST_CASE("NB-03 a chain of 18 slots is accepted, of 19 refused, and all 19 are answered") {
    REQUIRE(read(chain_of(18, 1800, 100)).verdict == Verdict::accept);
    auto const longer = read(chain_of(19, 1900, 100));
    REQUIRE(longer.verdict == Verdict::refuse);
    REQUIRE(longer.reason == Drop::chain_too_long);
    REQUIRE(longer.slots == 19);
}

TEST_CASE("NB-03 a chain that does not end within bounds is malformed") {
    REQUIRE(read(chain_of(max_chain, 2200, 100)).verdict == Verdict::refuse);
    REQUIRE(read(chain_of(max_chain + 1, 2300, 100)).verdict == Verdict::malformed);
}

TEST_CASE("NB-04 more data announced and never published is malformed") {
    auto slots = chain_of(3, 300, 100);
    slots.pop_back();
    REQUIRE(read(slots).verdict == Verdict::malformed);
    REQUIRE(read({}).verdict == Verdict::malformed);
}

TEST_CASE("NB-04 empty parts carry nothing and are harmless") {
    auto const chain = read(chain_of(4, 60, 0));
    REQUIRE(chain.verdict == Verdict::accept);
    REQUIRE(chain.parts.size() == 1);
    auto const empty_first = read(chain_of(2, 60, 60));
    REQUIRE(empty_first.verdict == Verdict::accept);
    REQUIRE(empty_first.parts.size() == 1);
    REQUIRE(empty_first.parts[0].grant == GrantRef{2});
}

TEST_CASE("NB-04 a part that leaves its page is refused") {
    auto const chain = read(chain_of(1, 100, 0, 4000));
    REQUIRE(chain.verdict == Verdict::refuse);
    REQUIRE(chain.reason == Drop::part_beyond_page);
}

TEST_CASE("NB-05 extra info counts as slots and what was not offered is refused") {
    for (u8 type : {u8{0}, u8{XEN_NETIF_EXTRA_TYPE_HASH}, u8{XEN_NETIF_EXTRA_TYPE_MAX}, u8{77}}) {
        auto slots = chain_of(1, 60, 0);
        slots[0].flags |= NETTXF_extra_info;
        slots.push_back(extra_slot(type, false));
        auto const chain = read(slots);
        REQUIRE(chain.verdict == Verdict::refuse);
        REQUIRE(chain.reason == Drop::bad_extra);
        REQUIRE(chain.slots == 2);
        REQUIRE(chain.extras == 1);
    }
}

TEST_CASE("a large frame says how it is to be cut") {
    auto slots = chain_of(2, 8000, 3904);
    slots[0].flags |= NETTXF_extra_info;
    slots.insert(slots.begin() + 1, segmentation(XEN_NETIF_GSO_TYPE_TCPV6, 1440));
    auto const chain = read(slots);
    REQUIRE(chain.verdict == Verdict::accept);
    REQUIRE(chain.segment_bytes == 1440);
    REQUIRE(chain.segment_network == nic::Network::ipv6);
    REQUIRE(bytes_of(chain) == 8000);
    REQUIRE(read(chain_of(1, 60, 0)).segment_bytes == 0);
}

TEST_CASE("NB-05 segments of no protocol we know, or of hardly any bytes, are refused") {
    for (auto const& extra : {segmentation(XEN_NETIF_GSO_TYPE_NONE, 1448), segmentation(3, 1448),
                              segmentation(XEN_NETIF_GSO_TYPE_TCPV4, 0),
                              segmentation(XEN_NETIF_GSO_TYPE_TCPV4, least_segment - 1)}) {
        auto slots = chain_of(1, 4000, 0);
        slots[0].flags |= NETTXF_extra_info;
        slots.push_back(extra);
        REQUIRE(read(slots).reason == Drop::bad_extra);
    }
}

TEST_CASE("a request with a change of groups carries no frame") {
    auto slots = chain_of(1, 0, 0);
    slots[0].flags |= NETTXF_extra_info;
    slots.push_back(extra_slot(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, true));
    slots.push_back(extra_slot(XEN_NETIF_EXTRA_TYPE_MCAST_DEL, false));
    auto const chain = read(slots);
    REQUIRE(chain.verdict == Verdict::accept);
    REQUIRE(chain.slots == 3);
    REQUIRE(chain.multicast.size() == 2);
    REQUIRE(chain.multicast[0].add);
    REQUIRE_FALSE(chain.multicast[1].add);
    REQUIRE(chain.parts.empty());
}

TEST_CASE("NB-05 the same extra info twice, or groups beside a frame, is refused") {
    auto twice = chain_of(1, 0, 0);
    twice[0].flags |= NETTXF_extra_info;
    twice.push_back(extra_slot(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, true));
    twice.push_back(extra_slot(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, false));
    REQUIRE(read(twice).reason == Drop::bad_extra);
    REQUIRE(read(twice).slots == 3);
    auto beside = chain_of(2, 200, 100);
    beside[0].flags |= NETTXF_extra_info;
    beside.insert(beside.begin() + 1, extra_slot(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, false));
    REQUIRE(read(beside).reason == Drop::bad_extra);
    REQUIRE(read(beside).slots == 3);
}

TEST_CASE("NB-05 an endless list of extra info is malformed") {
    auto slots = chain_of(1, 60, 0);
    slots[0].flags |= NETTXF_extra_info;
    for (unsigned i = 0; i < 200; ++i)
        slots.push_back(extra_slot(XEN_NETIF_EXTRA_TYPE_GSO, true));
    REQUIRE(read(slots).verdict == Verdict::malformed);
}

TEST_CASE("NB-03 whatever the slots say, what is accepted lies inside pages and adds up") {
    CHECK(rc::check([](std::vector<std::array<u8, 12>> const& raw) {
        Slots slots(raw.size());
        for (usize i = 0; i < raw.size(); ++i)
            std::memcpy(&slots[i], raw[i].data(), sizeof slots[i]);
        auto const chain = read(slots);
        if (chain.verdict == Verdict::malformed)
            return;
        RC_ASSERT(chain.slots >= 1U && chain.slots <= slots.size() && chain.slots <= max_chain);
        if (chain.verdict != Verdict::accept)
            return;
        RC_ASSERT(bytes_of(chain) == (chain.multicast.empty() ? chain.total : 0));
        for (TxPart const& part : chain.parts)
            RC_ASSERT(u32{part.offset} + part.bytes <= page_size);
    }));
}
