// SPDX-License-Identifier: MIT
// Between the switch and a card.
#include "dom0/net/switch/nic_port.hpp"

#include <algorithm>

namespace net {

NicPort::NicPort(std::unique_ptr<nic::Nic> nic, nic::PacketPool& pool) : nic_{std::move(nic)}, pool_{pool} {
    auto const offload = nic_->offload();
    takes_ = {.max_frame = nic_->max_frame(),
              .blank = {offload.checksum, offload.checksum},
              .large = {offload.segmentation, offload.segmentation}};
}

Port::Polled NicPort::poll(std::span<nic::PacketRef, poll_budget> into, Nanos) {
    armed_ = false;  // the interrupt that brought us here switched itself off
    u32 const count = nic_->receive(queue, into);
    return {count, count == into.size()};
}

// A card wants headers changed before it cuts a frame, which nobody else that
// holds the frame may see.
void NicPort::enqueue(nic::PacketRef&& packet) {
    frame::Takes takes = takes_;
    if (packet.shared())
        takes.large = {};
    auto const misfit = frame::adapt(std::move(packet), takes, pool_,
                                     [this](nic::PacketRef&& frame) { append(std::move(frame)); });
    overruns_ += misfit ? 1 : 0;
}

// A card that pads a frame itself may do so with anything, and one that gets a
// padded frame may count the padding into the checksum.
void NicPort::append(nic::PacketRef&& frame) {
    if (frame->length < nic::min_frame) {
        if (frame->checksum == nic::Checksum::blank)
            frame::complete_checksum(*frame);
        frame->pad();
    }
    if (outgoing_count_ == outgoing_size || outgoing_buffers_ + frame->buffers() > outgoing_buffers) {
        ++overruns_;
        return;
    }
    outgoing_buffers_ += frame->buffers();
    outgoing_[outgoing_count_++] = std::move(frame);
}

bool NicPort::flush(Nanos) {
    if (outgoing_count_ == 0)
        return false;
    auto const waiting = std::span{outgoing_}.first(outgoing_count_);
    u32 const sent = nic_->transmit(queue, waiting);
    std::ranges::move(waiting.subspan(sent), outgoing_.begin());
    outgoing_count_ -= sent;
    outgoing_buffers_ = 0;
    for (nic::PacketRef const& packet : std::span{outgoing_}.first(outgoing_count_))
        outgoing_buffers_ += packet->buffers();
    return sent != 0 && outgoing_count_ != 0;
}

bool NicPort::arm() {
    if (armed_)
        return false;
    armed_ = true;
    return nic_->arm(queue);
}

}  // namespace net
