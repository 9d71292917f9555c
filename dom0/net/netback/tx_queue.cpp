// SPDX-License-Identifier: MIT
// One poll: copy slots out, plan, copy frames, answer. Every consumed slot
// gets exactly one response, in ring order, whatever became of its packet.
#include "dom0/net/netback/tx_queue.hpp"

#include <algorithm>
#include <utility>

#include "dom0/net/frame/layers.hpp"

namespace netback {

namespace {

gnttab_copy_t from_guest(DomId guest, TxPart const& part, nic::Packet const& packet, u16 at) {
    gnttab_copy_t op{};
    op.source.u.ref = part.grant.raw();
    op.source.domid = guest.raw();
    op.source.offset = part.offset;
    Maddr const to = packet.at + at;
    op.dest.u.gmfn = mfn_of(to).raw();
    op.dest.domid = DOMID_SELF;
    op.dest.offset = static_cast<u16>(offset_in_page(to));
    op.len = part.bytes;
    op.flags = GNTCOPY_source_gref;
    return op;
}

}  // namespace

auto TxQueue::poll(std::span<nic::PacketRef, batch> into) -> Result<Polled> {
    u32 const available = std::min(TRY(ring_.pending()), window);
    if (available == 0)
        return Polled{};
    for (u32 i = 0; i < available; ++i)
        ring_.peek(i, slots_[i]);

    planned_count_ = copy_count_ = 0;
    u32 used = 0;
    while (used < std::min(available, batch)) {
        read_chain(std::span{slots_}.subspan(used, available - used), chain_);
        if (chain_.verdict == TxChain::Verdict::malformed)
            return Fail{Errno::range};
        if (!plan(chain_, used))
            break;
        used += chain_.slots;
    }
    ring_.consume(used);
    copy_all();

    Polled polled{.slots = used};
    for (Planned& planned : std::span{planned_}.first(planned_count_)) {
        finish(planned);
        respond(planned);
        if (planned.packet)
            into[polled.packets++] = std::move(planned.packet);
    }
    polled.notify = ring_.publish();
    return polled;
}

// False when this batch has no room left for the chain's copies.
bool TxQueue::plan(TxChain const& chain, u32 first_slot) {
    if (copy_count_ + chain.parts.size() > max_copies)
        return false;
    Planned& planned = planned_[planned_count_++];
    planned.first_slot = first_slot;
    planned.slots = chain.slots;
    planned.extras = chain.extras;
    planned.first_copy = copy_count_;
    planned.status = prepare(chain, planned);
    planned.copies = copy_count_ - planned.first_copy;
    return true;
}

s16 TxQueue::prepare(TxChain const& chain, Planned& planned) {
    auto const refused = [this](Drop reason, s16 status) {
        counters_.drop(reason);
        return status;
    };
    if (chain.verdict == TxChain::Verdict::refuse)
        return refused(chain.reason, NETIF_RSP_ERROR);
    if (chain.total < nic::header_bytes)
        return refused(Drop::too_short, NETIF_RSP_ERROR);
    if (chain.total > nic::max_frame)
        return refused(Drop::too_long, NETIF_RSP_ERROR);
    planned.packet = pool_.take();
    if (!planned.packet)
        return refused(Drop::no_buffer, NETIF_RSP_DROPPED);
    nic::Packet& packet = *planned.packet;
    for (TxPart const& part : chain.parts) {
        copies_[copy_count_++] = from_guest(peer_.domain, part, packet, packet.length);
        packet.length = static_cast<u16>(packet.length + part.bytes);
    }
    packet.checksum = chain.checksum_blank ? nic::Checksum::blank : nic::Checksum::unknown;
    return NETIF_RSP_OKAY;
}

void TxQueue::copy_all() {
    if (copy_count_ == 0)
        return;
    auto const ops = std::span{copies_}.first(copy_count_);
    if (!peer_.copy(ops))
        for (gnttab_copy_t& op : ops)
            op.status = GNTST_general_error;
}

// What was copied is a frame only after this.
void TxQueue::finish(Planned& planned) {
    if (!planned.packet)
        return;
    auto const refuse = [&](Drop reason) {
        counters_.drop(reason);
        planned.status = NETIF_RSP_ERROR;
        planned.packet.reset();
    };
    auto const ops = std::span{copies_}.subspan(planned.first_copy, planned.copies);
    if (!std::ranges::all_of(ops, [](gnttab_copy_t const& op) { return op.status == GNTST_okay; }))
        return refuse(Drop::grant_refused);

    nic::Packet& packet = *planned.packet;
    if (packet.checksum == nic::Checksum::blank) {
        auto const layers = frame::find_layers(packet.frame());
        if (!layers)
            return refuse(Drop::bad_checksum_place);
        packet.layers = *layers;
    }
    ++counters_.tx_packets;
    counters_.tx_bytes += packet.length;
    // Padding with zeros, not with what the buffer held before.
    if (packet.length < nic::min_frame) {
        std::fill_n(packet.data + packet.length, nic::min_frame - packet.length, std::byte{0});
        packet.length = nic::min_frame;
    }
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
