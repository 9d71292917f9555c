// SPDX-License-Identifier: MIT
// Between the switch and a card.
#include "dom0/net/switch/nic_port.hpp"

#include <algorithm>

namespace net {

Port::Polled NicPort::poll(std::span<nic::PacketRef, poll_budget> into) {
    armed_ = false;  // the interrupt that brought us here switched itself off
    u32 const count = nic_->receive(queue, into);
    return {count, count == into.size()};
}

void NicPort::enqueue(nic::PacketRef packet) {
    if (outgoing_count_ == outgoing_size) {
        ++overruns_;
        return;
    }
    outgoing_[outgoing_count_++] = std::move(packet);
}

bool NicPort::flush(Nanos) {
    if (outgoing_count_ == 0)
        return false;
    auto const waiting = std::span{outgoing_}.first(outgoing_count_);
    u32 const sent = nic_->transmit(queue, waiting);
    std::ranges::move(waiting.subspan(sent), outgoing_.begin());
    outgoing_count_ -= sent;
    return sent != 0 && outgoing_count_ != 0;
}

bool NicPort::arm() {
    if (armed_)
        return false;
    armed_ = true;
    return nic_->arm(queue);
}

}  // namespace net
