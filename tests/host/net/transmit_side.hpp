// SPDX-License-Identifier: MIT
// A transmit queue of netback with all that it needs: a guest's ring and pages,
// buffers, and nothing that anybody has set.
#pragma once

#include "dom0/net/netback/grant_copies.hpp"
#include "dom0/net/netback/tx_queue.hpp"
#include "tests/host/net/guest_ring.hpp"

namespace guest {

struct TransmitSide {
    TxRing page;
    nic::PacketPool* pool = &shared_pool();
    netback::Counters counters;
    netback::MulticastFilter groups;
    policy::Policy policy;
    netback::GrantCopies copies{{DomId{7}, copy}};
    netback::TxQueue queue{
        page.bytes.data(), copies, {nic::frame_bytes(1500), *pool, groups, policy, counters}};
    std::array<nic::PacketRef, netback::TxQueue::batch> into;

    TransmitSide() {
        pages.clear();
        failing.clear();
    }
    // A device's memory is never given back here, so whoever goes through
    // millions of queues needs one pool for all.
    static nic::PacketPool& shared_pool() {
        static auto const pool = std::move(*nic::PacketPool::create(128));
        return *pool;
    }
    auto poll() { return queue.poll(into, ~u64{0}); }
};

}  // namespace guest
