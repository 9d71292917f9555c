// SPDX-License-Identifier: MIT
// The pair's life beside that of its chip.
#include "drivers/net/igb/own_pair.hpp"

#include <algorithm>

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/pools.hpp"
#include "drivers/net/igb/queue_registers.hpp"
#include "drivers/net/igb/vector.hpp"

namespace nic::igb {

namespace {

// What the chip had sorted into the pool before it was told not to is in its
// packet buffer, 64 KiB, and on its way to memory.
constexpr Nanos buffer_time = 200 * io::microsecond;
constexpr Nanos sending_limit = 5 * io::millisecond;

}  // namespace

Result<std::unique_ptr<OwnPair>> OwnPair::create(Shared const& chip, u16 pool, Station const& station,
                                                 OwnWake wake) {
    auto pages = TRY(intel::PageRing::create(station.max_frame));
    auto sending = TRY(TxQueue::create(pool));
    return std::unique_ptr<OwnPair>{
        new OwnPair{chip, pool, station, std::move(wake), std::move(pages), std::move(sending)}};
}

OwnPair::OwnPair(Shared const& chip, u16 pool, Station const& station, OwnWake wake, intel::PageRing pages,
                 TxQueue sending)
    : regs_{chip.regs},
      all_{chip.all},
      restarting_{chip.restarting},
      networks_{chip.networks},
      prunes_{chip.prunes},
      pool_{pool},
      station_{station},
      wake_{std::move(wake)},
      pages_{std::move(pages)},
      sending_{std::move(sending)} {
    all_[pool_] = this;
}

OwnPair::~OwnPair() {
    do {
        static_cast<void>(retire());
        wait_for_restart();
    } while (running_);
    if (lost_) {
        abandon(pages_.descriptors().memory());
        sending_.give_up().leak();
    }
    all_[pool_] = nullptr;
}

Result<> OwnPair::start() {
    if (lost_)
        return {};
    pages_.rewind(counters_);
    moderation_ = {};
    TRY_VOID(start_receiving(regs_, pool_, pages_.descriptors().maddr(), pages_.tail()));
    pools::open(regs_, pool_);
    TRY_VOID(sending_.start(regs_));
    pools::switch_inside(regs_, true);
    running_ = true;
    if (steered_)
        pools::admit(regs_, pool_, station_);
    return {};
}

void OwnPair::post(std::span<Maddr const> pages) {
    pages_.post(pages);
    if (running_)
        regs_.write(io::Bits<RDT>{pages_.tail()}, pool_);
}

u32 OwnPair::completed(std::span<Filled> into) {
    sending_.reclaim();
    if (lost_)
        return 0;
    u32 const count = pages_.completed(into, counters_);
    moderation_.moved(count);
    if (count != 0 && pages_.empty() && running_)
        ask_missed();
    return count;
}

void OwnPair::steer() {
    steered_ = true;
    networks_.join(pool_, station_.vlan);
    if (!running_)
        return;
    networks_.write(regs_);
    pools::admit(regs_, pool_, station_);
}

u32 OwnPair::transmit(std::span<PacketRef> packets) {
    if (!running_)
        return 0;
    return prunes_ ? send(packets) : send_deaf(packets);
}

u32 OwnPair::send(std::span<PacketRef> packets) {
    u32 const count = sending_.transmit(regs_, packets, counters_);
    moderation_.moved(count);
    return count;
}

// What would come back is sent while the pool is deaf to it. That is enough
// where this is needed: QEMU's model has sent a frame when the tail is written.
u32 OwnPair::send_deaf(std::span<PacketRef> packets) {
    auto const to_group = [](PacketRef const& packet) { return Mac::at(packet->data).is_group(); };
    for (u32 sent = 0; sent < packets.size();) {
        auto const rest = packets.subspan(sent);
        bool const group = to_group(rest.front());
        auto const end = std::ranges::find(rest, !group, to_group);
        auto const alike = rest.first(static_cast<usize>(end - rest.begin()));
        if (group && steered_)
            pools::hear_groups(regs_, pool_, station_, false);
        u32 const count = send(alike);
        if (group && steered_)
            pools::hear_groups(regs_, pool_, station_, true);
        sent += count;
        if (count < alike.size())
            return sent;
    }
    return static_cast<u32>(packets.size());
}

bool OwnPair::arm() {
    if (running_)
        arm_vector(regs_, pool_, moderation_);
    return pages_.pending() || sending_.pending();
}

// Who restarts the chip has a list of pairs in hand, this one among them.
void OwnPair::wait_for_restart() const {
    while (restarting_)
        io::pause_for(io::millisecond);
}

Result<u32> OwnPair::retire() {
    wait_for_restart();
    steered_ = false;
    networks_.leave(pool_);
    if (running_) {
        pools::dismiss(regs_, pool_);
        lost_ = !stop_queues();
        ask_missed();
        running_ = false;
        pools::close(regs_, pool_);
        networks_.write(regs_);
        bool const others = std::ranges::any_of(all_, [](OwnPair* pair) { return pair && pair->running_; });
        pools::switch_inside(regs_, others);
    }
    if (lost_)
        return Fail{Errno::timedout};
    return pages_.finish(counters_);
}

Result<> OwnPair::stop_queues() {
    io::pause_for(buffer_time);
    auto const sent = [this] {
        sending_.reclaim();
        return sending_.idle();
    };
    static_cast<void>(io::wait_until(sent, sending_limit));
    auto const stopped_receiving = stop_receiving(regs_, pool_);
    TRY_VOID(sending_.stop(regs_));
    counters_.tx_lost += sending_.give_up().clear();
    return stopped_receiving;
}

void OwnPair::ask_missed() {
    counters_.rx_missed += take_missed(regs_, pool_);
}

void OwnPair::card_stopped(bool proven, u32 unsent) {
    running_ = false;
    lost_ = lost_ || !proven;
    counters_.tx_lost += unsent;
}

}  // namespace nic::igb
