// SPDX-License-Identifier: MIT
// The way of frames into a guest.
#include "dom0/net/netback/rx_queue.hpp"

#include <algorithm>
#include <utility>

#include "dom0/net/frame/checksum.hpp"

namespace netback {

namespace {

gnttab_copy_t to_guest(DomId guest, nic::Packet const& packet, u32 grant) {
    gnttab_copy_t op{};
    op.source.u.gmfn = mfn_of(packet.at).raw();
    op.source.domid = DOMID_SELF;
    op.source.offset = static_cast<u16>(offset_in_page(packet.at));
    op.dest.u.ref = grant;
    op.dest.domid = guest.raw();
    op.dest.offset = 0;
    op.len = packet.length;
    op.flags = GNTCOPY_dest_gref;
    return op;
}

u16 flags_of(nic::Checksum checksum) {
    switch (checksum) {
        case nic::Checksum::valid:
            return NETRXF_data_validated;
        case nic::Checksum::blank:
            return NETRXF_csum_blank | NETRXF_data_validated;
        case nic::Checksum::unknown:
            break;
    }
    return 0;
}

}  // namespace

nic::PacketRef RxQueue::take_oldest() {
    nic::PacketRef packet = std::move(waiting_at(0));
    oldest_ = (oldest_ + 1) % backlog_size;
    --waiting_;
    return packet;
}

void RxQueue::enqueue(nic::PacketRef packet) {
    bool const full = waiting_ == (stalled_ ? 1 : backlog_size);
    if (full) {
        take_oldest();
        counters_.drop(Drop::guest_slow);
    }
    // In place, so a buffer on its way to others as well gets it once.
    if (packet->checksum == nic::Checksum::blank && !takes_blank_)
        frame::complete_checksum(*packet);
    waiting_at(waiting_++) = std::move(packet);
}

Result<bool> RxQueue::flush(Nanos now) {
    if (waiting_ == 0)
        return false;
    u32 const count = std::min(waiting_, TRY(ring_.pending()));
    if (count != 0) {
        give(count);
        answer(count);
    }
    check_stall(count, now);
    return count != 0 && ring_.publish();
}

void RxQueue::give(u32 count) {
    for (u32 i = 0; i < count; ++i) {
        ring_.peek(i, posted_[i]);
        copies_[i] = to_guest(peer_.domain, *waiting_at(i), posted_[i].gref);
    }
    ring_.consume(count);
    auto const ops = std::span{copies_}.first(count);
    if (!peer_.copy(ops))
        for (gnttab_copy_t& op : ops)
            op.status = GNTST_general_error;
}

// In order of the requests: netfront knows a buffer by its place in the ring.
void RxQueue::answer(u32 count) {
    for (u32 i = 0; i < count; ++i) {
        nic::PacketRef const packet = take_oldest();
        netif_rx_response_t response{posted_[i].id, 0, flags_of(packet->checksum),
                                     static_cast<s16>(packet->length)};
        if (copies_[i].status == GNTST_okay) {
            ++counters_.rx_packets;
            counters_.rx_bytes += packet->length;
        } else {
            response = {posted_[i].id, 0, 0, NETIF_RSP_ERROR};
            counters_.drop(Drop::grant_refused);
        }
        ring_.respond(response);
    }
}

void RxQueue::check_stall(u32 handed_over, Nanos now) {
    if (handed_over != 0 || waiting_ == 0) {
        stalled_ = false;
        waiting_since_ = 0;
        return;
    }
    if (waiting_since_ == 0)
        waiting_since_ = now;
    if (now - waiting_since_ < stall_limit)
        return;
    stalled_ = true;
    while (waiting_ > 1) {
        take_oldest();
        counters_.drop(Drop::guest_slow);
    }
}

Result<bool> RxQueue::arm() {
    if (waiting_ == 0)
        return false;
    return ring_.expect(1);
}

}  // namespace netback
