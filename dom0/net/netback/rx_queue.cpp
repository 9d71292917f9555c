// SPDX-License-Identifier: MIT
// The way of frames into a guest.
#include "dom0/net/netback/rx_queue.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "drivers/net/lender.hpp"

namespace netback {

namespace {

u32 slots_of(nic::Packet const& packet) {
    return static_cast<u32>(pages_for(packet.total())) + (packet.is_large() ? 1 : 0);
}

// A buffer may end inside a page, and a page inside a buffer.
u32 pieces_of(nic::Packet const& packet) {
    return packet.buffers() == 1 ? 1 : packet.buffers() + slots_of(packet);
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

void RxQueue::drop() {
    backlog_.drop();
    counters_.drop(Drop::guest_slow);
}

void RxQueue::enqueue(nic::PacketRef&& packet) {
    u32 const most = stalled_ ? 0 : most_buffers();
    while (waiting() != 0 && backlog_.buffers() + packet->buffers() > most)
        drop();
    if (backlog_.full())
        return counters_.drop(Drop::guest_slow);
    lent_ = lent_ || packet->lender != nullptr;
    backlog_.push(std::move(packet));
}

void RxQueue::bring_waiting() {
    if (std::exchange(lent_, false))
        counters_.drop(Drop::grant_refused, backlog_.drop_unless(nic::at_hand));
}

Result<bool> RxQueue::flush(Nanos now) {
    bool answered = land();
    if (waiting() != 0 && running_ == nullptr) {
        u32 const frames = plan(TRY(ring_.pending()));
        if (frames != 0) {
            launch(frames);
            answered = land() || answered;
        }
        check_stall(frames, now);
    }
    return answered && ring_.publish();
}

// Returns how many frames fit into so many slots.
u32 RxQueue::plan(u32 available) {
    transfer_->begin();
    slot_count_ = 0;
    u32 frames = 0;
    for (; frames < waiting(); ++frames) {
        nic::Packet const& packet = backlog_.at(frames);
        if (slot_count_ + slots_of(packet) > available || pieces_of(packet) > transfer_->room())
            break;
        plan_frame(packet, frames);
    }
    return frames;
}

GrantRef RxQueue::next_page() {
    netif_rx_request_t& posted = posted_[slot_count_];
    ring_.peek(slot_count_++, posted);
    return GrantRef{posted.gref};
}

void RxQueue::plan_frame(nic::Packet const& packet, u32 frame) {
    Granted to{next_page()};
    // The page of the slot with the extra info stays unused.
    if (packet.is_large())
        static_cast<void>(next_page());
    for (nic::Packet const* buffer = &packet; buffer != nullptr; buffer = buffer->next())
        for (u16 done = 0; done < buffer->length;) {
            if (to.offset == page_size)
                to = {next_page()};
            auto const bytes = static_cast<u16>(std::min<u32>(buffer->length - done, page_size - to.offset));
            transfer_->to_guest(*buffer, done, to, bytes, frame);
            to.offset = static_cast<u16>(to.offset + bytes);
            done = static_cast<u16>(done + bytes);
        }
}

void RxQueue::launch(u32 frames) {
    ring_.consume(slot_count_);
    backlog_.launch(frames);
    running_ = transfer_;
    running_->run();
}

// Answers in order of the requests: netfront knows a buffer by its place in the
// ring. False: there is nothing to answer yet.
bool RxQueue::land() {
    if (running_ == nullptr || !running_->done())
        return false;
    u32 slot = 0;
    for (u32 i = 0; backlog_.flying() != 0; ++i) {
        nic::PacketRef const packet = backlog_.take_landed();
        if (running_->complete(i))
            answer_frame(*packet, slot);
        else
            refuse_frame(*packet, slot);
        slot += slots_of(*packet);
    }
    running_ = nullptr;
    return true;
}

void RxQueue::answer_frame(nic::Packet const& packet, u32 slot) {
    ++counters_.rx_packets;
    counters_.rx_bytes += packet.total();
    u16 flags = flags_of(packet);
    for (u32 left = packet.total(); left != 0;) {
        u32 const bytes = std::min<u32>(left, page_size);
        left -= bytes;
        u16 const more = left != 0 ? NETRXF_more_data : 0;
        ring_.respond({posted_[slot++].id, 0, static_cast<u16>(flags | more), static_cast<s16>(bytes)});
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
    if (handed_over != 0 || waiting() == 0) {
        stalled_ = false;
        waiting_since_ = 0;
        return;
    }
    if (waiting_since_ == 0)
        waiting_since_ = now;
    if (now - waiting_since_ < stall_limit)
        return;
    stalled_ = true;
    while (waiting() > 1)
        drop();
}

std::optional<u32> RxQueue::response_of(nic::Packet const& buffer) const {
    u32 number = ring_.produced();
    bool found = false;
    backlog_.for_each([&](nic::Packet const& frame) {
        for (nic::Packet const* each = &frame; each != nullptr; each = each->next())
            found = found || each == &buffer;
        number += found ? 0 : slots_of(frame);
    });
    return found ? std::optional{number} : std::nullopt;
}

Result<bool> RxQueue::arm() {
    if (running_ != nullptr)
        return running_->arm();
    if (waiting() == 0)
        return false;
    return ring_.expect(slots_of(backlog_.at(0)));
}

}  // namespace netback
