// SPDX-License-Identifier: MIT
// What a card may be given.
#include "dom0/net/switch/outgoing.hpp"

namespace net {

Outgoing::Outgoing(nic::Nic const& nic, nic::PacketPool& pool) : pool_{pool} {
    auto const offload = nic.offload();
    takes_ = {.max_frame = nic.max_frame(),
              .blank = {offload.checksum, offload.checksum},
              .large = {offload.segmentation, offload.segmentation}};
}

bool Outgoing::enqueue(nic::PacketRef&& packet) {
    u64 const overruns_before = overruns_;
    bool const finished = !packet->is_large() && packet->checksum != nic::Checksum::blank;
    if (finished && packet->total() <= takes_.max_frame)
        append(std::move(packet));
    else
        adapt(std::move(packet));
    return overruns_ == overruns_before;
}

// A card wants headers changed before it cuts a frame, which nobody else that
// holds the frame may see.
void Outgoing::adapt(nic::PacketRef&& packet) {
    frame::Takes takes = takes_;
    if (packet.shared())
        takes.large = {};
    auto const misfit = frame::adapt(std::move(packet), takes, pool_,
                                     [this](nic::PacketRef&& frame) { append(std::move(frame)); });
    overruns_ += misfit ? 1 : 0;
}

// A card that pads a frame itself may do so with anything, and one that gets a
// padded frame may count the padding into the checksum.
void Outgoing::append(nic::PacketRef&& frame) {
    if (frame->length < nic::min_frame) {
        if (frame->checksum == nic::Checksum::blank)
            frame::complete_checksum(*frame);
        frame->pad();
    }
    if (count_ == most_frames || buffers_ + frame->buffers() > most_buffers) {
        ++overruns_;
        return;
    }
    if (!nic::open_to_devices(*frame)) {
        ++overruns_;
        return;
    }
    buffers_ += frame->buffers();
    frames_[count_++] = std::move(frame);
}

void Outgoing::hand_over(Outgoing& to) {
    for (nic::PacketRef& frame : std::span{frames_}.first(count_))
        to.append(std::move(frame));
    count_ = buffers_ = 0;
}

}  // namespace net
