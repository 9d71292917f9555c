// SPDX-License-Identifier: MIT
// Initialisation in the order of datasheet 4.5, and everything about the chip
// that is not the path of a packet.
#include "drivers/net/igb/device.hpp"

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/igb.hpp"
#include "drivers/net/intel/chip.hpp"

namespace nic::igb {

namespace {

constexpr unsigned register_bar = 0;
constexpr Nanos stuck_limit = 5 * io::second;
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
    : Card{function}, regs_{std::move(regs)}, pool_{pool}, queue_count_{queues} {}

Device::~Device() {
    retire();
}

Result<> Device::bring_up(Wake const& wake) {
    for (u16 i = 0; i < queue_count_; ++i) {
        rx_.push_back(TRY(RxQueue::create(i, pool_)));
        tx_.push_back(TRY(TxQueue::create(i)));
    }
    TRY_VOID(connect_interrupts(wake));
    return run();
}

Result<> Device::connect_interrupts(Wake const& wake) {
    msix_.emplace(TRY(pci::Msix::enable(function())));
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
    mac_ = intel::read_mac(regs_);
    function().set_bus_master(true);
    regs_.write(CTRL_EXT::DRV_LOAD::of(1) | regs_.read<CTRL_EXT>());
    regs_.write(intel::CTRL::SLU::of(1) | regs_.read<intel::CTRL>());
    TRY_VOID(intel::negotiate_link(regs_));
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

u32 Device::receive(u16 queue, std::span<PacketRef> into) {
    if (!running())
        return 0;
    if (link_event_)
        follow_link();
    return rx_[queue].receive(regs_, into, counters());
}

u32 Device::transmit(u16 queue, std::span<PacketRef> packets) {
    return running() ? tx_[queue].transmit(regs_, packets, io::now(), counters()) : 0;
}

bool Device::arm(u16 queue) {
    if (!running())
        return false;
    regs_.write(io::Bits<EIMS>{vector_bit(queue)});
    return rx_[queue].pending();
}

std::string_view Device::complaint(Nanos now) {
    auto const status = regs_.read<intel::STATUS>();
    if (status == intel::surprise_removed)
        return "it does not answer";
    see_link(intel::STATUS::LU::in(status) != 0);
    for (TxQueue& queue : tx_) {
        queue.reclaim(now);
        if (link_up() && queue.stuck(now, stuck_limit))
            return "a transmit queue is stuck";
    }
    return {};
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
    for (RxQueue& queue : rx_)
        take_back(queue.shadow(), stopped);
    for (TxQueue& queue : tx_)
        counters().tx_lost += take_back(queue.shadow(), stopped);
}

}  // namespace nic::igb
