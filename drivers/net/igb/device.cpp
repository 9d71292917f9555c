// SPDX-License-Identifier: MIT
// Initialisation in the order of datasheet 4.5, and everything about the chip
// that is not the path of a packet.
#include "drivers/net/igb/device.hpp"

#include <algorithm>

#include "drivers/net/igb/igb.hpp"
#include "drivers/net/igb/pools.hpp"
#include "drivers/net/igb/rss.hpp"
#include "drivers/net/igb/vector.hpp"

namespace nic::igb {

namespace {

// What QEMU's models say who built them.
constexpr auto made_by_qemu = pci::Subsystem::Vendor::of(0x1af4) | pci::Subsystem::Device::of(0x1100);
constexpr u32 all_causes = ~u32{0};
constexpr u32 least_interval_us = 20;  // between two messages of a vector; the first goes out at once
constexpr u16 common = 0;              // the pool of everybody who has none

}  // namespace

Result<std::unique_ptr<Nic>> probe(pci::Function const& function, PacketPool& pool, Wake wake) {
    auto regs = TRY(intel::map(function, register_bytes));
    return TRY(Device::create(function, std::move(regs), pool, wake));
}

Result<std::unique_ptr<Device>> Device::create(pci::Function const& function, io::Mmio regs, PacketPool& pool,
                                               Wake const& wake) {
    std::unique_ptr<Device> device{new Device{function, std::move(regs)}};
    TRY_VOID(device->create_queues(pool));
    TRY_VOID(device->connect_interrupts(wake));
    TRY_VOID(device->run());
    return device;
}

Device::Device(pci::Function function, io::Mmio regs)
    : Card{function}, regs_{std::move(regs)}, emulated_{function.read<pci::Subsystem>() == made_by_qemu} {}

// QEMU's model has no RSS in pools, so its second queue would stay empty.
Result<> Device::create_queues(PacketPool& pool) {
    for (u16 index = common; index < (emulated_ ? pool_count : queue_count); index += pool_count) {
        rx_.push_back(TRY(RxQueue::create(index, pool)));
        tx_.push_back(TRY(TxQueue::create(index)));
    }
    return {};
}

Device::~Device() {
    retire();
}

// Registers are read by whoever polls; a handler only passes it on.
Result<> Device::connect_interrupts(Wake const& wake) {
    msix_.emplace(TRY(pci::Msix::enable(function())));
    own_queues_ = std::min<u16>(pool_count, static_cast<u16>(std::max<u16>(msix_->vectors(), 2) - 1)) - 1;
    TRY_VOID(msix_->connect(common, [this, wake] {
        mask_vector(regs_, common);
        wake(0);
    }));
    for (u16 pool = common + 1; pool <= own_queues_; ++pool)
        TRY_VOID(msix_->connect(pool, [this, pool] {
            mask_vector(regs_, pool);
            if (own_[pool] != nullptr)
                own_[pool]->wake();
        }));
    TRY_VOID(msix_->connect(link_vector(), [this, wake] {
        link_event_ = true;
        wake(0);
    }));
    msix_->unmask();
    return {};
}

template <class Visit>
void Device::for_each_pair(Visit visit) {
    for (OwnPair* const pair : own_)
        if (pair != nullptr)
            visit(*pair);
}

Result<> Device::start() {
    TRY_VOID(reset_chip());
    mac_ = intel::read_mac(regs_);
    function().set_bus_master(true);
    TRY_VOID(intel::take_charge(regs_));
    intel::verify_checksums(regs_);
    pools::start(regs_, mac_);
    // A bridge takes every frame.
    regs_.write(io::Bits<RLPML>{longest_frame + frame_checksum_bytes});
    regs_.write(RCTL::RXEN::of(1) | RCTL::UPE::of(1) | RCTL::MPE::of(1) | RCTL::LPE::of(1) |
                RCTL::BAM::of(1) | RCTL::SECRC::of(1));
    networks_.write(regs_);
    TRY_VOID(start_queues());
    start_interrupts();
    TRY_VOID(start_pairs());
    networks_.write(regs_);  // they may have changed while all this waited for the chip
    return {};
}

Result<> Device::start_queues() {
    for (RxQueue& queue : rx_)
        TRY_VOID(queue.start(regs_));
    if (queues() > 1)
        spread_common_pool(regs_);
    intel::start_transmitter(regs_);
    for (TxQueue& queue : tx_)
        TRY_VOID(queue.start(regs_));
    return {};
}

Result<> Device::start_pairs() {
    for (OwnPair* const pair : own_) {
        if (pair == nullptr)
            continue;
        TRY_VOID(pair->start());
        pair->wake();  // it may have armed an interrupt that the reset undid
    }
    return {};
}

// 4.2.1.6.1: interrupts are masked around the reset because it clears the mask
// only at its end.
Result<> Device::reset_chip() {
    mask_interrupts();
    TRY_VOID(intel::reset(regs_));
    mask_interrupts();
    return {};
}

void Device::mask_interrupts() {
    regs_.write(io::Bits<EIMC>{all_causes});
    regs_.write(io::Bits<IMC>{all_causes});
}

// A message masks its own vector (EIAM) and clears its cause (EIAC). The chip
// begins with those armed whose owners cannot know that it was reset.
void Device::start_interrupts() {
    regs_.write(GPIE::NSICR::of(1) | GPIE::MULTIPLE_MSIX::of(1) | GPIE::EIAME::of(1) |
                GPIE::PBA_SUPPORT::of(1));
    for (u16 pool = 0; pool <= own_queues_; ++pool) {
        regs_.write(IVAR::RX_LOW::of(pool) | IVAR::RX_LOW_VALID::of(1) | IVAR::TX_LOW::of(pool) |
                        IVAR::TX_LOW_VALID::of(1) | IVAR::RX_HIGH::of(pool) | IVAR::RX_HIGH_VALID::of(1) |
                        IVAR::TX_HIGH::of(pool) | IVAR::TX_HIGH_VALID::of(1),
                    pool);
        regs_.write(EITR::INTERVAL::of(least_interval_us), pool);
    }
    regs_.write(IVAR_MISC::OTHER::of(link_vector()) | IVAR_MISC::OTHER_VALID::of(1));
    u32 const vectors = 2 * vector_bit(link_vector()) - 1;
    regs_.write(IMS::LSC::of(1));
    regs_.write(io::Bits<EIAC>{vectors});
    regs_.write(io::Bits<EIAM>{vectors});
    regs_.write(io::Bits<EIMS>{vector_bit(common) | vector_bit(link_vector())});
}

u32 Device::receive(u16 queue, std::span<PacketRef> into) {
    if (!running())
        return 0;
    if (link_event_)
        follow_link();
    tx_[queue].reclaim();
    return rx_[queue].receive(regs_, into, counters());
}

u32 Device::transmit(u16 queue, std::span<PacketRef> packets) {
    return running() ? tx_[queue].transmit(regs_, packets, counters()) : 0;
}

// One vector for all queues of the pool.
bool Device::arm(u16 queue) {
    if (!running())
        return false;
    arm_vector(regs_, common);
    return rx_[queue].pending() || tx_[queue].pending();
}

void Device::hear(Vlans const& networks) {
    networks_.hear(networks);
    if (running())
        networks_.write(regs_);
}

Result<std::unique_ptr<OwnQueue>> Device::own_queue(Station const& station, OwnWake wake) {
    if (restarting())
        return Fail{Errno::again};
    u16 pool = common + 1;
    for (u16 i = own_queues_; i > common; --i) {
        if (own_[i] == nullptr)
            pool = i;
        else if (own_[i]->mac() == station.mac)
            return Fail{Errno::exist};
    }
    if (pool > own_queues() || own_[pool] != nullptr)
        return Fail{Errno::busy};
    if (station.max_frame > longest_frame)
        return Fail{Errno::msgsize};
    auto pair = TRY(
        OwnPair::create({regs_, own_, restarting(), networks_, !emulated_}, pool, station, std::move(wake)));
    if (running())
        TRY_VOID(pair->start());
    return pair;
}

std::string_view Device::complaint(Nanos now) {
    auto const status = regs_.read<intel::STATUS>();
    if (status == intel::surprise_removed)
        return "it does not answer";
    see_link(intel::STATUS::LU::in(status) != 0);
    counters().rx_missed += regs_.read<intel::MPC>().raw;
    for (RxQueue& queue : rx_)
        queue.ask_missed(regs_, counters());
    bool stuck = false;
    for (TxQueue& queue : tx_)
        stuck = queue.stuck(now, link_up()) || stuck;
    for_each_pair([&](OwnPair& pair) {
        pair.ask_missed();
        stuck = pair.stuck(now, link_up()) || stuck;
    });
    return stuck ? "a transmit queue is stuck" : "";
}

// Causes are cleared before the state is read, so a change in between
// interrupts again.
void Device::follow_link() {
    link_event_ = false;
    static_cast<void>(regs_.read<ICR>());
    see_link(intel::STATUS::LU::in(regs_.read<intel::STATUS>()) != 0);
    regs_.write(io::Bits<EIMS>{vector_bit(link_vector())});
}

void Device::empty_rings(bool stopped) {
    for (RxQueue& queue : rx_) {
        count_unread(stopped, [&](auto into, auto& counters) { return queue.unread(into, counters); });
        take_back(queue.shadow(), stopped);
    }
    for (TxQueue& queue : tx_) {
        queue.reclaim();
        counters().tx_lost += take_back(queue.shadow(), stopped);
    }
    for_each_pair([&](OwnPair& pair) {
        pair.reclaim();
        pair.card_stopped(stopped, take_back(pair.sending(), stopped));
    });
}

}  // namespace nic::igb
