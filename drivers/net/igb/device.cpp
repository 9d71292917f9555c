// SPDX-License-Identifier: MIT
// Initialisation in the order of datasheet 4.5, and everything about the chip
// that is not the path of a packet.
#include "drivers/net/igb/device.hpp"

#include <algorithm>

#include "drivers/net/igb/igb.hpp"
#include "drivers/net/igb/pools.hpp"
#include "drivers/net/igb/queue_registers.hpp"
#include "drivers/net/igb/rss.hpp"
#include "drivers/net/igb/vector.hpp"

namespace nic::igb {

namespace {

// What QEMU's models say who built them.
constexpr auto made_by_qemu = pci::Subsystem::Vendor::of(0x1af4) | pci::Subsystem::Device::of(0x1100);
constexpr u32 all_causes = ~u32{0};
constexpr u16 common = 0;  // the pool of everybody who has none

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
    : Controller{function, std::move(regs)}, emulated_{function.read<pci::Subsystem>() == made_by_qemu} {}

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

Result<> Device::connect_interrupts(Wake const& wake) {
    TRY_VOID(enable_messages());
    own_queues_ = std::min<u16>(pool_count, static_cast<u16>(std::max<u16>(messages().vectors(), 2) - 1)) - 1;
    TRY_VOID(messages().connect(common, [this, wake] {
        mask_vector(regs(), common);
        wake(0);
    }));
    for (u16 pool = common + 1; pool <= own_queues_; ++pool)
        TRY_VOID(messages().connect(pool, [this, pool] {
            mask_vector(regs(), pool);
            if (own_[pool] != nullptr)
                own_[pool]->wake();
        }));
    TRY_VOID(connect_link(link_vector(), wake));
    messages().unmask();
    return {};
}

template <class Visit>
void Device::for_each_pair(Visit visit) {
    for (OwnPair* const pair : own_)
        if (pair != nullptr)
            visit(*pair);
}

Result<> Device::start_chip() {
    intel::verify_checksums(regs());
    pools::start(regs(), mac());
    // A bridge takes every frame.
    regs().write(io::Bits<RLPML>{longest_frame + frame_checksum_bytes});
    regs().write(RCTL::RXEN::of(1) | RCTL::UPE::of(1) | RCTL::MPE::of(1) | RCTL::LPE::of(1) |
                 RCTL::BAM::of(1) | RCTL::SECRC::of(1));
    networks_.write(regs());
    TRY_VOID(start_queues());
    start_interrupts();
    TRY_VOID(start_pairs());
    networks_.write(regs());  // they may have changed while all this waited for the chip
    return {};
}

Result<> Device::start_queues() {
    for (RxQueue& queue : rx_)
        TRY_VOID(queue.start(regs()));
    if (queues() > 1)
        spread_common_pool(regs());
    intel::start_transmitter(regs());
    for (TxQueue& queue : tx_)
        TRY_VOID(queue.start(regs()));
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

// Without a reset, in which QEMU's model loses its link for half a second: a queue
// that is enabled anew forgets all it knew (8.10.9, 8.12.14), and what nobody
// writes again on the way up is written here.
Result<> Device::quiesce() {
    mask_interrupts();
    regs().write(RCTL::RXEN::replaced(regs().read<RCTL>(), 0));
    regs().write(intel::TCTL::EN::replaced(regs().read<intel::TCTL>(), 0));
    TRY_VOID(stop_all_queues(regs()));
    for (u16 pool = common + 1; pool < pool_count; ++pool)
        pools::dismiss(regs(), pool);
    clear_link_cause();
    regs().write(io::Bits<EICR>{all_causes});
    return {};
}

void Device::mask_interrupts() {
    regs().write(io::Bits<EIMC>{all_causes});
    regs().write(io::Bits<IMC>{all_causes});
}

// A message masks its own vector (EIAM) and clears its cause (EIAC). The chip
// begins with those armed whose owners cannot know that it was reset.
void Device::start_interrupts() {
    regs().write(GPIE::NSICR::of(1) | GPIE::MULTIPLE_MSIX::of(1) | GPIE::EIAME::of(1) |
                 GPIE::PBA_SUPPORT::of(1));
    for (u16 pool = 0; pool <= own_queues_; ++pool) {
        regs().write(IVAR::RX_LOW::of(pool) | IVAR::RX_LOW_VALID::of(1) | IVAR::TX_LOW::of(pool) |
                         IVAR::TX_LOW_VALID::of(1) | IVAR::RX_HIGH::of(pool) | IVAR::RX_HIGH_VALID::of(1) |
                         IVAR::TX_HIGH::of(pool) | IVAR::TX_HIGH_VALID::of(1),
                     pool);
        set_interval(regs(), pool, {});
    }
    regs().write(IVAR_MISC::OTHER::of(link_vector()) | IVAR_MISC::OTHER_VALID::of(1));
    moderation_ = {};
    u32 const vectors = 2 * vector_bit(link_vector()) - 1;
    regs().write(IMS::LSC::of(1));
    regs().write(io::Bits<EIAC>{vectors});
    regs().write(io::Bits<EIAM>{vectors});
    regs().write(io::Bits<EIMS>{vector_bit(common) | vector_bit(link_vector())});
}

u32 Device::receive(u16 queue, std::span<PacketRef> into) {
    if (!running())
        return 0;
    heed_link();
    tx_[queue].reclaim();
    u32 const count = rx_[queue].receive(regs(), into, counters());
    moderation_.moved(count);
    return count;
}

u32 Device::transmit(u16 queue, std::span<PacketRef> packets) {
    if (!running())
        return 0;
    u32 const count = tx_[queue].transmit(regs(), packets, counters());
    moderation_.moved(count);
    return count;
}

// One vector for all queues of the pool.
bool Device::arm(u16 queue) {
    if (!running())
        return false;
    arm_vector(regs(), common, moderation_);
    return pending(queue);
}

bool Device::pending(u16 queue) const {
    return running() && (rx_[queue].pending() || tx_[queue].pending());
}

// Queues of the common pool are so far apart.
Places Device::places(u16 queue) const {
    auto const& tx = tx_[queue].ring();
    return {static_cast<u16>(queue * pool_count), rx_[queue].next(), tx.tail(), tx.clean(), intel::ring_size};
}

void Device::hear(Vlans const& networks) {
    networks_.hear(networks);
    if (running())
        networks_.write(regs());
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
        OwnPair::create({regs(), own_, restarting(), networks_, !emulated_}, pool, station, std::move(wake)));
    if (running())
        TRY_VOID(pair->start());
    return pair;
}

bool Device::queue_stuck(Nanos now) {
    bool stuck = false;
    for (RxQueue& queue : rx_)
        queue.ask_missed(regs(), counters());
    for (TxQueue& queue : tx_)
        stuck = queue.stuck(now, link_up()) || stuck;
    for_each_pair([&](OwnPair& pair) {
        pair.ask_missed();
        stuck = pair.stuck(now, link_up()) || stuck;
    });
    return stuck;
}

bool Device::receives_nonsense() const {
    return std::ranges::any_of(rx_, &RxQueue::nonsense) ||
           std::ranges::any_of(own_, [](OwnPair const* pair) { return pair != nullptr && pair->nonsense(); });
}

// Reading is what clears it.
void Device::clear_link_cause() {
    static_cast<void>(regs().read<ICR>());
}

void Device::arm_link() {
    regs().write(io::Bits<EIMS>{vector_bit(link_vector())});
}

void Device::empty_rings(bool stopped) {
    for (RxQueue& queue : rx_) {
        count_unread(stopped, [&](auto into, auto& counters) { return queue.unread(into, counters); });
        take_back(queue.give_up(), stopped);
    }
    for (TxQueue& queue : tx_) {
        queue.reclaim();
        counters().tx_lost += take_back(queue.give_up(), stopped);
    }
    for_each_pair([&](OwnPair& pair) {
        pair.reclaim();
        pair.card_stopped(stopped, take_back(pair.give_up_sending(), stopped));
    });
}

}  // namespace nic::igb
