// SPDX-License-Identifier: MIT
#include "dom0/net/netback/backlog.hpp"

namespace netback {

void Backlog::push(nic::PacketRef&& frame) {
    buffers_ += frame->buffers();
    senders_ += held_[frame->sender]++ == 0 ? 1 : 0;
    place(end_++) = std::move(frame);
}

// Somebody has at least as many places as there are on average; of him, the
// oldest, which is near the front, as he has so many.
void Backlog::drop() {
    u32 victim = oldest_;
    while (held_[place(victim)->sender] * senders_ < waiting())
        ++victim;
    remove(victim);
}

// Those before it move up.
void Backlog::remove(u32 victim) {
    for (; victim != oldest_; --victim)
        place(victim).swap(place(victim - 1));
    nic::PacketRef const dropped = std::move(place(oldest_++));
    forget_sender(dropped->sender);
    buffers_ -= dropped->buffers();
}

void Backlog::launch(u32 frames) {
    landing_ = oldest_;
    flying_ = frames;
    for (u32 i = 0; i < frames; ++i)
        forget_sender(place(oldest_++)->sender);
}

nic::PacketRef Backlog::take_landed() {
    nic::PacketRef frame = std::move(place(landing_++));
    --flying_;
    buffers_ -= frame->buffers();
    return frame;
}

}  // namespace netback
