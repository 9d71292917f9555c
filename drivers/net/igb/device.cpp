// SPDX-License-Identifier: MIT
// Initialisation in the order of datasheet 4.5, and everything about the chip
// that is not the path of a packet.
#include "drivers/net/igb/device.hpp"

#include <algorithm>

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/igb.hpp"
#include "kernel/base/log.hpp"

namespace nic::igb {

namespace {

constexpr unsigned register_bar = 0;
constexpr Nanos reset_limit = 100 * io::millisecond;
constexpr Nanos mdi_limit = 10 * io::millisecond;
constexpr Nanos stuck_limit = 5 * io::second;
constexpr Nanos first_backoff = 1 * io::second;
constexpr Nanos longest_backoff = 60 * io::second;
constexpr u32 all_causes = ~u32{0};

constexpr u32 vector_bit(u16 queue) {
    return u32{1} << queue;
}

}  // namespace

Result<std::unique_ptr<Nic>> probe(pci::Function const& function, PacketPool& pool, Wake wake) {
    auto const bar = TRY(function.memory_bar(register_bar));
    if (bar.bytes < register_bytes)
        return Fail{Errno::nodev};
    function.enable_memory();
    auto regs = TRY(io::map_registers(bar.base, register_bytes));
    auto device = std::make_unique<Device>(function, std::move(regs), pool, u16{1});
    TRY_VOID(device->bring_up(wake));
    return device;
}

Device::Device(pci::Function function, io::Mmio regs, PacketPool& pool, u16 queues)
    : function_{function},
      regs_{std::move(regs)},
      pool_{pool},
      queue_count_{queues},
      backoff_{first_backoff} {}

Device::~Device() {
    empty_rings(stop());
}

Result<> Device::bring_up(Wake const& wake) {
    for (u16 i = 0; i < queue_count_; ++i) {
        rx_.push_back(TRY(RxQueue::create(i, pool_)));
        tx_.push_back(TRY(TxQueue::create(i)));
    }
    TRY_VOID(connect_interrupts(wake));
    return start();
}

Result<> Device::connect_interrupts(Wake const& wake) {
    msix_.emplace(TRY(pci::Msix::enable(function_)));
    for (u16 i = 0; i < queue_count_; ++i)
        TRY_VOID(msix_->connect(i, [wake, i] { wake(i); }));
    // Registers are read by whoever polls; a handler only passes it on.
    TRY_VOID(msix_->connect(link_vector(), [this, wake] {
        link_event_ = true;
        wake(0);
    }));
    msix_->unmask();
    return {};
}

Result<> Device::start() {
    TRY_VOID(reset_chip());
    read_mac();
    function_.set_bus_master(true);
    regs_.write(CTRL_EXT::DRV_LOAD::of(1) | regs_.read<CTRL_EXT>());
    regs_.write(CTRL::SLU::of(1) | regs_.read<CTRL>());
    TRY_VOID(negotiate_link());
    regs_.write(RXCSUM::IPOFL::of(1) | RXCSUM::TUOFL::of(1));
    // A bridge takes every frame.
    regs_.write(io::Bits<RLPML>{longest_frame + frame_checksum_bytes});
    regs_.write(RCTL::RXEN::of(1) | RCTL::UPE::of(1) | RCTL::MPE::of(1) | RCTL::LPE::of(1) |
                RCTL::BAM::of(1) | RCTL::SECRC::of(1));
    for (RxQueue& queue : rx_)
        TRY_VOID(queue.start(regs_));
    regs_.write(TCTL::EN::of(1) | TCTL::PSP::of(1) | TCTL::CT::of(collision_threshold) |
                TCTL::COLD::of(collision_distance));
    for (TxQueue& queue : tx_)
        TRY_VOID(queue.start(regs_));
    start_interrupts();
    running_ = true;
    return {};
}

// 4.2.1.6.1: interrupts are masked around the reset because it clears the mask
// only at its end.
Result<> Device::reset_chip() {
    running_ = false;
    regs_.write(io::Bits<EIMC>{all_causes});
    regs_.write(io::Bits<IMC>{all_causes});
    regs_.write(CTRL::RST::of(1) | regs_.read<CTRL>());
    auto const done = [&] { return CTRL::RST::in(regs_.read<CTRL>()) == 0; };
    if (!io::wait_until(done, reset_limit))
        return Fail{Errno::timedout};
    regs_.write(io::Bits<EIMC>{all_causes});
    regs_.write(io::Bits<IMC>{all_causes});
    return {};
}

// The reset has left the PHY as it was; the other end may have changed.
Result<> Device::negotiate_link() {
    regs_.write(MDIC::DATA::of(phy_autonegotiate | phy_restart) | MDIC::REGADD::of(phy_control) |
                MDIC::PHYADD::of(internal_phy) | MDIC::OP::of(mdi_write));
    auto const ready = [&] { return MDIC::READY::in(regs_.read<MDIC>()) != 0; };
    if (!io::wait_until(ready, mdi_limit))
        return Fail{Errno::timedout};
    if (MDIC::ERROR::in(regs_.read<MDIC>()) != 0)
        return Fail{Errno::io};
    return {};
}

// A message masks its own vector (EIAM) and clears its cause (EIAC), so an
// interrupt costs no register access until the queue is armed again.
void Device::start_interrupts() {
    regs_.write(GPIE::NSICR::of(1) | GPIE::MULTIPLE_MSIX::of(1) | GPIE::EIAME::of(1) |
                GPIE::PBA_SUPPORT::of(1));
    u32 vectors = 0;
    for (u16 i = 0; i < queue_count_; ++i) {
        regs_.write(IVAR::RX_LOW::of(i) | IVAR::RX_LOW_VALID::of(1), i);
        vectors |= vector_bit(i);
    }
    regs_.write(IVAR_MISC::OTHER::of(link_vector()) | IVAR_MISC::OTHER_VALID::of(1));
    vectors |= vector_bit(link_vector());
    regs_.write(IMS::LSC::of(1));
    regs_.write(io::Bits<EIAC>{vectors});
    regs_.write(io::Bits<EIAM>{vectors});
    regs_.write(io::Bits<EIMS>{vectors});
}

void Device::read_mac() {
    u32 const low = regs_.read<RAL>(0).raw;
    u32 const high = RAH::ADDRESS::in(regs_.read<RAH>(0));
    for (unsigned i = 0; i < 4; ++i)
        mac_.octets[i] = static_cast<u8>(low >> 8 * i);
    for (unsigned i = 0; i < 2; ++i)
        mac_.octets[4 + i] = static_cast<u8>(high >> 8 * i);
}

u32 Device::receive(u16 queue, std::span<PacketRef> into) {
    if (!running_)
        return 0;
    if (link_event_)
        follow_link();
    return rx_[queue].receive(regs_, into, counters_);
}

u32 Device::transmit(u16 queue, std::span<PacketRef> packets) {
    return running_ ? tx_[queue].transmit(regs_, packets, io::now(), counters_) : 0;
}

bool Device::arm(u16 queue) {
    if (!running_)
        return false;
    regs_.write(io::Bits<EIMS>{vector_bit(queue)});
    return rx_[queue].pending();
}

void Device::tick(Nanos now) {
    if (!running_) {
        if (now >= next_attempt_)
            restart(now, "trying again");
        return;
    }
    if (auto const why = complaint(now); !why.empty())
        restart(now, why);
}

std::string_view Device::complaint(Nanos now) {
    auto const status = regs_.read<STATUS>();
    if (status == surprise_removed)
        return "it does not answer";
    see_link(status);
    for (TxQueue& queue : tx_) {
        queue.reclaim(now);
        if (link_up_ && queue.stuck(now, stuck_limit))
            return "a transmit queue is stuck";
    }
    backoff_ = first_backoff;
    return {};
}

void Device::see_link(io::Bits<STATUS> status) {
    bool const up = STATUS::LU::in(status) != 0;
    if (up != std::exchange(link_up_, up))
        log("igb: link is {}", up ? "up" : "down");
}

// Causes are cleared before the state is read, so a change in between
// interrupts again.
void Device::follow_link() {
    link_event_ = false;
    static_cast<void>(regs_.read<ICR>());
    see_link(regs_.read<STATUS>());
    regs_.write(io::Bits<EIMS>{vector_bit(link_vector())});
}

void Device::restart(Nanos now, std::string_view why) {
    log("igb: reset, {}", why);
    ++counters_.resets;
    empty_rings(stop());
    if (auto const started = start(); !started) {
        running_ = false;
        empty_rings(stop());
        next_attempt_ = now + backoff_;
        log("igb: no start, errno {}; next attempt in {} s", started.error(), backoff_ / io::second);
        backoff_ = std::min(2 * backoff_, longest_backoff);
    }
}

// The chip is stopped when configuration space, which does not depend on it,
// reads back that it may not master the bus.
bool Device::stop() {
    running_ = false;
    regs_.write(io::Bits<EIMC>{all_causes});
    function_.set_bus_master(false);
    bool const stopped = !function_.bus_master();
    if (!reset_chip())
        log("igb: the reset does not end");
    return stopped;
}

// A buffer that a running chip may still write to can never be used again.
void Device::empty_rings(bool stopped) {
    for (RxQueue& queue : rx_)
        counters_.leaked_buffers += stopped ? (queue.ring().clear(), 0U) : queue.ring().leak();
    for (TxQueue& queue : tx_) {
        u32 const count = stopped ? queue.ring().clear() : queue.ring().leak();
        counters_.tx_lost += count;
        counters_.leaked_buffers += stopped ? 0 : count;
    }
}

}  // namespace nic::igb
