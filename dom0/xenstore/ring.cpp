// SPDX-License-Identifier: MIT
#include "dom0/xenstore/ring.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

namespace xenstore {
namespace {

u32 load(u32& index) {
    return std::atomic_ref{index}.load(std::memory_order_acquire);
}
void store(u32& index, u32 value) {
    std::atomic_ref{index}.store(value, std::memory_order_release);
}

// The longest piece at `index` that does not wrap.
u32 piece(u32 index, u32 count) {
    return std::min(count, u32{XENSTORE_RING_SIZE} - MASK_XENSTORE_IDX(index));
}

bool receive(xenstore_domain_interface& ring, Session& session) {
    u32 consumed = load(ring.req_cons);
    u32 const produced = load(ring.req_prod);
    if (produced - consumed > XENSTORE_RING_SIZE) {
        session.park();
        return false;
    }
    u32 const start = consumed;
    while (consumed != produced && session.input().room() != 0) {
        std::array<char, XENSTORE_RING_SIZE> bytes;
        auto const room = static_cast<u32>(std::min<usize>(session.input().room(), bytes.size()));
        u32 const count = std::min(piece(consumed, produced - consumed), room);
        std::memcpy(bytes.data(), ring.req + MASK_XENSTORE_IDX(consumed), count);
        session.input().feed({bytes.data(), count});
        consumed += count;
    }
    store(ring.req_cons, consumed);
    return consumed != start;
}

bool send(xenstore_domain_interface& ring, Session& session) {
    u32 const consumed = load(ring.rsp_cons);
    u32 produced = load(ring.rsp_prod);
    if (produced - consumed > XENSTORE_RING_SIZE) {
        session.park();
        return false;
    }
    u32 const start = produced;
    while (!session.outbox().empty() && produced - consumed != XENSTORE_RING_SIZE) {
        auto const bytes = session.outbox().front();
        u32 const free = XENSTORE_RING_SIZE - (produced - consumed);
        auto const count = piece(produced, static_cast<u32>(std::min<usize>(free, bytes.size())));
        std::memcpy(ring.rsp + MASK_XENSTORE_IDX(produced), bytes.data(), count);
        session.outbox().taken(count);
        produced += count;
    }
    store(ring.rsp_prod, produced);
    return produced != start;
}

}  // namespace

bool exchange(xenstore_domain_interface& ring, Session& session) {
    if (session.parked())
        return false;
    bool const sent = send(ring, session);
    bool const received = !session.parked() && receive(ring, session);
    return sent || received;
}

}  // namespace xenstore
