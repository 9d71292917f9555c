// SPDX-License-Identifier: MIT
// The way of frames into a guest.
#include "dom0/net/netback/rx_queue.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace netback {

namespace {

gnttab_copy_t to_guest(DomId guest, nic::Packet const& buffer, u32 grant) {
    gnttab_copy_t op{};
    op.source.u.gmfn = mfn_of(buffer.at).raw();
    op.source.domid = DOMID_SELF;
    op.source.offset = static_cast<u16>(offset_in_page(buffer.at));
    op.dest.u.ref = grant;
    op.dest.domid = guest.raw();
    op.dest.offset = 0;
    op.len = buffer.length;
    op.flags = GNTCOPY_dest_gref;
    return op;
}

u32 slots_of(nic::Packet const& packet) {
    return packet.buffers() + (packet.is_large() ? 1 : 0);
}

u16 flags_of(nic::Packet const& packet) {
    u16 const cut = packet.is_large() ? NETRXF_extra_info : 0;
    switch (packet.checksum) {
        case nic::Checksum::valid:
            return NETRXF_data_validated;
        case nic::Checksum::blank:
            return static_cast<u16>(NETRXF_csum_blank | NETRXF_data_validated | cut);
        case nic::Checksum::unknown:
            break;
    }
    return 0;
}

netif_extra_info_t segmentation_of(nic::Packet const& packet) {
    netif_extra_info_t extra{};
    extra.type = XEN_NETIF_EXTRA_TYPE_GSO;
    extra.u.gso.size = packet.segment_bytes;
    extra.u.gso.type =
        packet.layers.network == nic::Network::ipv4 ? XEN_NETIF_GSO_TYPE_TCPV4 : XEN_NETIF_GSO_TYPE_TCPV6;
    return extra;
}

}  // namespace

// With n stalled queues, of F free buffers each holds at most F / 2, so that
// n + 2 parts of the pool, two of them, stay free.
u32 RxQueue::most_buffers() const {
    return std::min(backlog_size, static_cast<u32>(pool_.free() / 2));
}

nic::PacketRef RxQueue::take_oldest() {
    nic::PacketRef packet = std::move(waiting_at(0));
    oldest_ = (oldest_ + 1) % backlog_size;
    --waiting_;
    waiting_buffers_ -= packet->buffers();
    return packet;
}

void RxQueue::drop_oldest() {
    take_oldest();
    counters_.drop(Drop::guest_slow);
}

void RxQueue::enqueue(nic::PacketRef&& packet) {
    u32 const most = stalled_ ? 0 : most_buffers();
    while (waiting_ != 0 && waiting_buffers_ + packet->buffers() > most)
        drop_oldest();
    waiting_buffers_ += packet->buffers();
    waiting_at(waiting_++) = std::move(packet);
}

Result<bool> RxQueue::flush(Nanos now) {
    if (waiting_ == 0)
        return false;
    u32 const frames = plan(TRY(ring_.pending()));
    if (frames != 0) {
        ring_.consume(slot_count_);
        copy_all();
        answer(frames);
    }
    check_stall(frames, now);
    return frames != 0 && ring_.publish();
}

// Returns how many frames fit into so many slots.
u32 RxQueue::plan(u32 available) {
    slot_count_ = copy_count_ = 0;
    u32 frames = 0;
    for (; frames < waiting_; ++frames) {
        nic::Packet const& packet = *waiting_at(frames);
        if (slot_count_ + slots_of(packet) > available)
            break;
        plan_frame(packet);
    }
    return frames;
}

void RxQueue::plan_frame(nic::Packet const& packet) {
    for (nic::Packet const* buffer = &packet; buffer != nullptr; buffer = buffer->next()) {
        u32 const slot = slot_count_++;
        ring_.peek(slot, posted_[slot]);
        copies_[copy_count_++] = to_guest(peer_.domain, *buffer, posted_[slot].gref);
        // The page of the slot with the extra info stays unused.
        if (buffer == &packet && packet.is_large()) {
            ring_.peek(slot_count_, posted_[slot_count_]);
            ++slot_count_;
        }
    }
}

void RxQueue::copy_all() {
    auto const ops = std::span{copies_}.first(copy_count_);
    if (!peer_.copy(ops))
        for (gnttab_copy_t& op : ops)
            op.status = GNTST_general_error;
}

// In order of the requests: netfront knows a buffer by its place in the ring.
void RxQueue::answer(u32 frames) {
    u32 slot = 0;
    u32 copy = 0;
    for (u32 i = 0; i < frames; ++i) {
        nic::PacketRef const packet = take_oldest();
        if (copied(copy, packet->buffers()))
            answer_frame(*packet, slot);
        else
            refuse_frame(*packet, slot);
        slot += slots_of(*packet);
        copy += packet->buffers();
    }
}

bool RxQueue::copied(u32 first, u32 count) const {
    for (u32 i = first; i < first + count; ++i)
        if (copies_[i].status != GNTST_okay)
            return false;
    return true;
}

void RxQueue::answer_frame(nic::Packet const& packet, u32 slot) {
    ++counters_.rx_packets;
    counters_.rx_bytes += packet.total();
    u16 flags = flags_of(packet);
    for (nic::Packet const* buffer = &packet; buffer != nullptr; buffer = buffer->next()) {
        u16 const more = buffer->next() != nullptr ? NETRXF_more_data : 0;
        ring_.respond(
            {posted_[slot++].id, 0, static_cast<u16>(flags | more), static_cast<s16>(buffer->length)});
        if ((flags & NETRXF_extra_info) != 0) {
            respond(segmentation_of(packet));
            ++slot;
        }
        flags = 0;
    }
}

// Each slot by itself: what was to follow the first one does not.
void RxQueue::refuse_frame(nic::Packet const& packet, u32 slot) {
    counters_.drop(Drop::grant_refused);
    for (u32 i = 0; i < slots_of(packet); ++i)
        ring_.respond({posted_[slot + i].id, 0, 0, NETIF_RSP_ERROR});
}

void RxQueue::respond(netif_extra_info_t const& extra) {
    netif_rx_response_t response;
    static_assert(sizeof response == sizeof extra);
    std::memcpy(&response, &extra, sizeof extra);
    ring_.respond(response);
}

// A guest that posts pages, but never enough for the next frame, stalls too.
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
    while (waiting_ > 1)
        drop_oldest();
}

Result<bool> RxQueue::arm() {
    if (waiting_ == 0)
        return false;
    return ring_.expect(slots_of(*waiting_at(0)));
}

}  // namespace netback
