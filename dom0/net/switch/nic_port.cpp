// SPDX-License-Identifier: MIT
// Between the switch and a card.
#include "dom0/net/switch/nic_port.hpp"

#include <algorithm>

#include "dom0/net/frame/unfinished.hpp"

namespace net {

Port::Polled NicPort::poll(std::span<nic::PacketRef> into, u64, Nanos) {
    armed_ = false;  // the interrupt that brought us here switched itself off
    u32 const count = nic_->receive(queue, into);
    auto const bad = std::ranges::remove_if(into.first(count), [](nic::PacketRef const& packet) {
        return packet->checksum == nic::Checksum::blank && frame::examine(*packet);
    });
    for (nic::PacketRef& packet : bad)
        packet.reset();
    flawed_ += bad.size();
    return {static_cast<u32>(count - bad.size()), count == into.size()};
}

bool NicPort::flush(Nanos) {
    bool again = outgoing_.flush([this](auto frames) { return nic_->transmit(queue, frames); });
    for (Residence* const residence : neighbours_.present)
        again |= residence->flush();
    return again;
}

bool NicPort::arm() {
    if (armed_)
        return false;
    armed_ = true;
    return nic_->arm(queue);
}

Result<std::unique_ptr<Residence>> NicPort::house(nic::Station const& station, nic::OwnWake wake) {
    auto own = TRY(nic_->own_queue(station, std::move(wake)));
    return std::make_unique<Residence>(neighbours_, std::move(own), *nic_, pool_, outgoing_);
}

nic::Counters NicPort::counters() const {
    nic::Counters all = nic_->counters();
    all += neighbours_.departed;
    for (Residence const* const residence : neighbours_.present)
        all += residence->queue().counters();
    return all;
}

u64 NicPort::overruns() const {
    u64 all = outgoing_.overruns() + neighbours_.departed_overruns;
    for (Residence const* const residence : neighbours_.present)
        all += residence->overruns();
    return all;
}

}  // namespace net
