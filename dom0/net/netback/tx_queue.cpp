// SPDX-License-Identifier: MIT
// One poll: copy slots out, plan, bring frames, answer. Every consumed slot
// gets exactly one response, in ring order, whatever became of its packet.
#include "dom0/net/netback/tx_queue.hpp"

#include <algorithm>
#include <utility>

#include "dom0/net/frame/checksum.hpp"
#include "dom0/net/frame/unfinished.hpp"

namespace netback {

namespace {

u32 buffers_for(TxChain const& chain) {
    return static_cast<u32>(pages_for(chain.total));
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
    return polled;
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
    if (chain.parts.size() + buffers_for(chain) > transfer_->room())
        return false;
    u32 const item = planned_count_++;
    Planned& planned = planned_[item];
    planned.first_slot = first_slot;
    planned.slots = chain.slots;
    planned.extras = chain.extras;
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
    gather(chain, *planned.packet, item);
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

// Fills buffer after buffer, of which there are enough.
void TxQueue::gather(TxChain const& chain, nic::Packet& packet, u32 item) {
    if (chain.parts.size() == 1) {
        TxPart const& part = chain.parts[0];
        transfer_->from_guest({part.grant, part.offset}, packet, part.bytes, item);
        return packet.grow(part.bytes);
    }
    for (TxPart const& part : chain.parts)
        for (u16 done = 0; done < part.bytes;) {
            if (packet.last().length == nic::buffer_bytes)
                packet.append(shared_.pool.take());
            nic::Packet const& last = packet.last();
            auto const bytes =
                static_cast<u16>(std::min<u32>(part.bytes - done, nic::buffer_bytes - last.length));
            transfer_->from_guest({part.grant, static_cast<u16>(part.offset + done)}, last, bytes, item);
            packet.grow(bytes);
            done = static_cast<u16>(done + bytes);
        }
}

// What was brought is a frame only after this.
std::optional<Drop> TxQueue::judge(u32 item) {
    if (!running_->complete(item))
        return Drop::grant_refused;
    Planned const& planned = planned_[item];
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
        planned.status = refused(*reason, NETIF_RSP_ERROR);
        planned.packet.reset();
        return;
    }
    ++shared_.counters.tx_packets;
    shared_.counters.tx_bytes += planned.packet->total();
}

void TxQueue::respond(Planned const& planned) {
    for (u32 i = 0; i < planned.slots; ++i) {
        bool const extra = i != 0 && i <= planned.extras;
        // Extra info has no id; its response only keeps the place.
        ring_.respond(extra ? netif_tx_response_t{0, NETIF_RSP_NULL}
                            : netif_tx_response_t{slots_[planned.first_slot + i].id, planned.status});
    }
}

}  // namespace netback
