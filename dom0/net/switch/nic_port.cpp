// SPDX-License-Identifier: MIT
// Between the switch and a card.
#include "dom0/net/switch/nic_port.hpp"

#include <algorithm>
#include <utility>

#include "dom0/net/frame/flow.hpp"
#include "dom0/net/frame/unfinished.hpp"
#include "dom0/net/trail/card.hpp"
#include "drivers/io/clock.hpp"

namespace net {

NicPort::NicPort(std::unique_ptr<nic::Nic> nic, nic::PacketPool& pool) : nic_{std::move(nic)}, pool_{pool} {
    outgoing_.reserve(nic_->queues());
    for (u16 i = 0; i < nic_->queues(); ++i)
        outgoing_.emplace_back(*nic_, pool);
}

Port::Polled NicPort::poll(std::span<nic::PacketRef> into, u64, Nanos now) {
    if (due_ != 0 && !told_ && now < due_)
        return {.retry_at = due_};
    if (std::exchange(due_, 0) != 0 && !told_)
        ++missed_interrupts_;
    told_ = false;
    armed_ = false;  // the interrupt that brought us here switched itself off
    u32 count = 0;
    u32 const first = turn_++;
    for (u32 i = 0; i < queues() && count < into.size(); ++i)
        count += receive(static_cast<u16>((first + i) % queues()), into.subspan(count));
    auto const bad = std::ranges::remove_if(into.first(count), [](nic::PacketRef const& packet) {
        return packet->checksum == nic::Checksum::blank && frame::examine(*packet);
    });
    for (nic::PacketRef& packet : bad)
        packet.reset();
    flawed_ += bad.size();
    return {static_cast<u32>(count - bad.size()), count == into.size()};
}

u32 NicPort::receive(u16 queue, std::span<nic::PacketRef> into) {
    return trail::watch_receive([&] { return nic_->places(queue); },
                                [&] { return nic_->receive(queue, into); });
}

u32 NicPort::transmit(u16 queue, std::span<nic::PacketRef> frames) {
    return trail::watch_transmit([&] { return nic_->places(queue); },
                                 [&](nic::Packet const& packet) { return nic_->place_of(queue, packet); },
                                 [&] { return nic_->transmit(queue, frames); });
}

u32 NicPort::enqueue(std::span<nic::PacketRef> frames) {
    u32 lost = 0;
    for (nic::PacketRef& packet : frames) {
        u32 const queue = queues() == 1 ? 0 : frame::flow_hash(packet->head()) % queues();
        lost += outgoing_[queue].enqueue(std::move(packet)) ? 0 : 1;
    }
    return lost;
}

bool NicPort::flush(Nanos) {
    bool again = false;
    for (u16 i = 0; i < queues(); ++i)
        again |= outgoing_[i].flush([this, i](auto frames) { return transmit(i, frames); });
    for (Residence* const residence : neighbours_.present)
        again |= residence->flush();
    return again;
}

bool NicPort::something_waits() const {
    for (u16 i = 0; i < queues(); ++i)
        if (nic_->pending(i))
            return true;
    return false;
}

// Without this, what an interrupt that got lost was about would wait until something
// else happens. Time has passed if the card was reset.
Nanos NicPort::tick(Nanos now) {
    nic_->tick(now);
    if (due_ == 0 && armed_ && !told_ && something_waits())
        due_ = io::now() + patience;
    return due_;
}

bool NicPort::arm() {
    if (armed_)
        return false;
    armed_ = true;
    bool something = false;
    for (u16 i = 0; i < queues(); ++i)
        something |= nic_->arm(i);
    return something;
}

Result<std::unique_ptr<Residence>> NicPort::house(nic::Station const& station, nic::OwnWake wake) {
    auto own = TRY(nic_->own_queue(station, std::move(wake)));
    return std::make_unique<Residence>(neighbours_, station.mac, std::move(own), *nic_, pool_,
                                       outgoing_.front());
}

nic::Counters NicPort::counters() const {
    nic::Counters all = nic_->counters();
    all += neighbours_.departed;
    for (Residence const* const residence : neighbours_.present)
        all += residence->queue().counters();
    return all;
}

u64 NicPort::overruns() const {
    u64 all = neighbours_.departed_overruns;
    for (Outgoing const& outgoing : outgoing_)
        all += outgoing.overruns();
    for (Residence const* const residence : neighbours_.present)
        all += residence->overruns();
    return all;
}

}  // namespace net
