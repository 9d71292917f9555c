// SPDX-License-Identifier: MIT
// One poll: copy slots out, plan, bring frames, answer. Every consumed slot
// gets exactly one response, in ring order, whatever became of its packet.
#include "dom0/net/netback/tx_queue.hpp"

#include <algorithm>
#include <utility>

#include "dom0/net/frame/clone.hpp"
#include "dom0/net/frame/layers.hpp"
#include "dom0/net/frame/unfinished.hpp"
#include "dom0/net/netback/tx_answer.hpp"

namespace netback {

static_assert(max_parts + 1 <= nic::most_buffers);

namespace {

// No part fills more than one, and the head has one.
u32 buffers_for(TxChain const& chain) {
    auto const parts = static_cast<u32>(chain.parts.size());
    return parts == 1 ? 1 : parts + 1;
}

// Cuts the first bytes off, and is left with the others.
TxPart take_front(TxPart& part, u16 bytes) {
    TxPart const front{part.grant, part.offset, bytes};
    part.offset = static_cast<u16>(part.offset + bytes);
    part.bytes = static_cast<u16>(part.bytes - bytes);
    return front;
}

Drop drop_of(policy::Refusal refusal) {
    switch (refusal) {
        case policy::Refusal::spoofed_mac:
            return Drop::spoofed_mac;
        case policy::Refusal::spoofed_ip:
            return Drop::spoofed_ip;
        case policy::Refusal::foreign_vlan:
            return Drop::foreign_vlan;
        case policy::Refusal::not_allowed:
            break;
    }
    return Drop::not_allowed;
}

}  // namespace

// A batch that others bring is under way while the one before is forwarded.
auto TxQueue::poll(std::span<nic::PacketRef> into, u64 most_bytes) -> Result<Polled> {
    Polled polled;
    land(into, polled);
    if (running_ == nullptr && polled.bytes < most_bytes) {
        TRY_VOID(launch(static_cast<u32>(into.size()), most_bytes - polled.bytes));
        land(into, polled);
    }
    if (polled.slots != 0)
        ring_.show();
    settle();
    return polled;
}

TxQueue::~TxQueue() {
    if (loans_)
        loans_->detach();
}

void TxQueue::settle() {
    auto const answer = [this](Answer const& frame) {
        for (u32 i = 0; i < frame.kept.size(); ++i)
            ring_.respond(answer_with(frame.kept[i], is_extra(i, frame.extras), frame.status));
    };
    if (loans_ && loans_->settle(answer) != 0)
        ring_.show();
}

Result<> TxQueue::launch(u32 most_packets, u64 most_bytes) {
    u32 const available = std::min(TRY(ring_.pending()), window);
    if (available == 0)
        return {};
    for (u32 i = 0; i < available; ++i)
        ring_.peek(i, slots_[i]);
    ring_.consume(TRY(plan_batch(available, std::min(batch, most_packets), most_bytes)));
    landed_ = 0;
    running_ = transfer_;
    running_->run();
    return {};
}

// In the order of the ring, as many as there is room for.
void TxQueue::land(std::span<nic::PacketRef> into, Polled& polled) {
    if (running_ == nullptr || !running_->done())
        return;
    for (; landed_ < planned_count_ && polled.packets < into.size(); ++landed_) {
        Planned& planned = planned_[landed_];
        finish(landed_);
        if (!planned.lent)
            respond(planned);
        polled.slots += planned.slots;
        if (!planned.packet)
            continue;
        polled.bytes += planned.packet->total();
        into[polled.packets++] = std::move(planned.packet);
    }
    if (landed_ == planned_count_)
        running_ = nullptr;
}

// Returns how many slots the planned packets have.
Result<u32> TxQueue::plan_batch(u32 available, u32 most_packets, u64 most_bytes) {
    transfer_->begin();
    planned_count_ = 0;
    u32 used = 0;
    u64 bytes = 0;
    while (used < std::min(available, batch) && planned_count_ < most_packets && bytes < most_bytes) {
        read_chain(std::span{slots_}.subspan(used, available - used), chain_);
        if (chain_.verdict == TxChain::Verdict::malformed)
            return Fail{Errno::range};
        if (!plan(chain_, used))
            break;
        used += chain_.slots;
        bytes += chain_.total;
    }
    return used;
}

// False when this batch has no room left for the chain's pieces.
bool TxQueue::plan(TxChain const& chain, u32 first_slot) {
    // A part that crosses into another buffer is two.
    if (chain.parts.size() + nic::most_buffers > transfer_->room())
        return false;
    u32 const item = planned_count_++;
    Planned& planned = planned_[item];
    planned.first_slot = first_slot;
    planned.slots = chain.slots;
    planned.extras = chain.extras;
    planned.lent = false;
    planned.status = prepare(chain, item);
    return true;
}

s16 TxQueue::refused(Drop reason, s16 status) {
    shared_.counters.drop(reason);
    return status;
}

s16 TxQueue::prepare(TxChain const& chain, u32 item) {
    if (chain.verdict == TxChain::Verdict::refuse)
        return refused(chain.reason, NETIF_RSP_ERROR);
    if (!chain.multicast.empty())
        return change_groups(chain);
    if (chain.total < nic::header_bytes)
        return refused(Drop::too_short, NETIF_RSP_ERROR);
    if (chain.segment_bytes == 0 && chain.total > shared_.max_frame)
        return refused(Drop::too_long, NETIF_RSP_ERROR);
    if (shared_.pool.free() < buffers_for(chain))
        return refused(Drop::no_buffer, NETIF_RSP_DROPPED);
    Planned& planned = planned_[item];
    planned.packet = shared_.pool.take();
    if (chain.parts.size() == 1) {
        TxPart const& part = chain.parts[0];
        transfer_->from_guest({part.grant, part.offset}, *planned.packet, part.bytes, item);
        planned.packet->grow(part.bytes);
    } else {
        gather(chain, planned, item);
    }
    planned.packet->segment_bytes = chain.segment_bytes;
    planned.network = chain.segment_network;
    bool const blank = chain.checksum_blank || chain.segment_bytes != 0;
    planned.packet->checksum = blank ? nic::Checksum::blank : nic::Checksum::unknown;
    return NETIF_RSP_OKAY;
}

s16 TxQueue::change_groups(TxChain const& chain) {
    for (MulticastChange const& change : chain.multicast)
        if (!shared_.groups.apply(change))
            return refused(Drop::bad_extra, NETIF_RSP_ERROR);
    return NETIF_RSP_OKAY;
}

// The head first, from as many parts as it takes. A part that fills most of a
// buffer begins one, as to cut it in two would take two copies, or stays with
// the guest; the others fill buffer after buffer.
void TxQueue::gather(TxChain const& chain, Planned& planned, u32 item) {
    bool const lends = may_lend(chain);
    nic::Packet& packet = *planned.packet;
    for (TxPart part : chain.parts) {
        if (part.bytes < Loans::least_part) {
            bring(part, packet, item);
            continue;
        }
        if (u32 const have = packet.total(); have < head_bytes)
            bring(take_front(part, static_cast<u16>(head_bytes - have)), packet, item);
        packet.append(shared_.pool.take());
        if (lends)
            lend(part, planned);
        else
            bring(part, packet, item);
    }
}

void TxQueue::bring(TxPart const& part, nic::Packet& packet, u32 item) {
    for (u16 done = 0; done < part.bytes;) {
        if (packet.last().length == nic::buffer_bytes || packet.last().lent)
            packet.append(shared_.pool.take());
        nic::Packet const& last = packet.last();
        auto const bytes =
            static_cast<u16>(std::min<u32>(part.bytes - done, nic::buffer_bytes - last.length));
        transfer_->from_guest({part.grant, static_cast<u16>(part.offset + done)}, last, bytes, item);
        packet.grow(bytes);
        done = static_cast<u16>(done + bytes);
    }
}

bool TxQueue::may_lend(TxChain const& chain) const {
    return loans_ && chain.total >= Loans::least_frame && loans_->offer(chain.slots);
}

void TxQueue::lend(TxPart const& part, Planned& planned) {
    if (!planned.lent)
        begin_loan(planned);
    loans_->lend(planned.packet->last(), part);
    planned.packet->grow(part.bytes);
}

void TxQueue::begin_loan(Planned& planned) {
    Answer answer;
    for (u32 i = 0; i < planned.slots; ++i)
        static_cast<void>(
            answer.kept.push(kept_of(slots_[planned.first_slot + i], is_extra(i, planned.extras))));
    answer.extras = planned.extras;
    loans_->begin(*planned.packet, answer);
    planned.lent = true;
}

// Only of TCP and UDP the head tells all that anybody asks.
std::optional<Drop> TxQueue::see_all_headers(nic::PacketRef& packet) {
    if (frame::find_layers(packet->head(), packet->total()))
        return std::nullopt;
    if (!nic::at_hand(*packet))
        return Drop::grant_refused;
    packet = frame::clone(*packet, shared_.pool, 0);
    return packet ? std::nullopt : std::optional{Drop::no_buffer};
}

// What was brought is a frame only after this.
std::optional<Drop> TxQueue::judge(u32 item) {
    if (!running_->complete(item))
        return Drop::grant_refused;
    Planned& planned = planned_[item];
    if (planned.lent)
        if (auto const reason = see_all_headers(planned.packet))
            return reason;
    nic::Packet& packet = *planned.packet;
    if (auto const refusal = shared_.policy.judge(packet.head()))
        return drop_of(*refusal);
    if (packet.checksum != nic::Checksum::blank)
        return std::nullopt;
    if (auto const flaw = frame::examine(packet))
        return *flaw == frame::Flaw::no_place ? Drop::bad_checksum_place : Drop::bad_segmentation;
    if (!packet.is_large())
        return std::nullopt;
    if (packet.layers.network != planned.network)
        return Drop::bad_segmentation;
    if (packet.layers.header_bytes() + packet.segment_bytes > shared_.max_frame)
        return Drop::too_long;
    return std::nullopt;
}

void TxQueue::finish(u32 item) {
    Planned& planned = planned_[item];
    if (!planned.packet)
        return;
    if (auto const reason = judge(item)) {
        if (planned.packet && planned.packet->lender != nullptr)
            loans_->refuse(*planned.packet);
        planned.status = refused(*reason, NETIF_RSP_ERROR);
        planned.packet.reset();
        return;
    }
    ++shared_.counters.tx_packets;
    shared_.counters.tx_lent += planned.packet->lender != nullptr ? 1 : 0;
    shared_.counters.tx_bytes += planned.packet->total();
}

void TxQueue::respond(Planned const& planned) {
    for (u32 i = 0; i < planned.slots; ++i) {
        bool const extra = is_extra(i, planned.extras);
        ring_.respond(answer_with(kept_of(slots_[planned.first_slot + i], extra), extra, planned.status));
    }
}

}  // namespace netback
