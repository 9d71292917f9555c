// SPDX-License-Identifier: MIT
// Initialisation in the order of datasheet 4.6, and the path of a packet as far
// as it is not that of every Intel chip.
#include "drivers/net/e1000e/device.hpp"

#include "drivers/net/e1000e/e1000e.hpp"
#include "drivers/net/intel/chip.hpp"

namespace nic::e1000e {

namespace {

constexpr u16 queue_vector = 0;
constexpr u16 link_vector = 1;
constexpr u32 all_causes = ~u32{0};
// Under load whoever polls does not arm, so this bounds only what a load that
// is too light for that costs.
constexpr u32 least_interval_ns = 20'000;

}  // namespace

Result<std::unique_ptr<Nic>> probe(pci::Function const& function, PacketPool& pool, Wake wake) {
    auto regs = TRY(intel::map(function, register_bytes));
    auto rx = TRY(intel::ReceiveRing::create(pool, longest_frame));
    auto tx = TRY(intel::TransmitRing::create(tx_format));
    auto device = std::make_unique<Device>(function, std::move(regs), std::move(rx), std::move(tx));
    TRY_VOID(device->bring_up(wake));
    return device;
}

Result<> Device::bring_up(Wake const& wake) {
    TRY_VOID(connect_interrupts(wake));
    return run();
}

Result<> Device::connect_interrupts(Wake const& wake) {
    msix_.emplace(TRY(pci::Msix::enable(function())));
    TRY_VOID(msix_->connect(queue_vector, [wake] { wake(0); }));
    // Registers are read by whoever polls; a handler only passes it on.
    TRY_VOID(msix_->connect(link_vector, [this, wake] {
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
    TRY_VOID(intel::take_charge(regs_));
    TRY_VOID(start_receiving());
    start_sending();
    start_interrupts();
    return {};
}

// 4.6.1: interrupts are masked around the reset, which unmasks nothing itself
// but may have caused some before it began.
Result<> Device::reset_chip() {
    mask_interrupts();
    TRY_VOID(intel::reset(regs_));
    mask_interrupts();
    return {};
}

void Device::mask_interrupts() {
    regs_.write(io::Bits<IMC>{all_causes});
    regs_.write(io::Bits<ICR>{all_causes});
}

// 4.6.5. A bridge takes every frame.
Result<> Device::start_receiving() {
    TRY_VOID(rx_.fill());
    u64 const at = rx_.maddr().raw();
    regs_.write(RFCTL::EXSTEN::of(1));
    intel::verify_checksums(regs_);
    regs_.write(io::Bits<RDBAL>{static_cast<u32>(at)});
    regs_.write(io::Bits<RDBAH>{static_cast<u32>(at >> 32)});
    regs_.write(io::Bits<RDLEN>{intel::Ring::bytes});
    regs_.write(io::Bits<RDH>{0});
    regs_.write(RCTL::EN::of(1) | RCTL::UPE::of(1) | RCTL::MPE::of(1) | RCTL::LPE::of(1) | RCTL::BAM::of(1) |
                RCTL::BSEX::of(1) | RCTL::BSIZE::of(bsize_4096) | RCTL::SECRC::of(1));
    static_assert(buffer_bytes == 4096);
    regs_.write(io::Bits<RDT>{rx_.tail()});
    return {};
}

// 4.6.6.
void Device::start_sending() {
    tx_.clear();
    u64 const at = tx_.maddr().raw();
    regs_.write(io::Bits<TDBAL>{static_cast<u32>(at)});
    regs_.write(io::Bits<TDBAH>{static_cast<u32>(at >> 32)});
    regs_.write(io::Bits<TDLEN>{intel::Ring::bytes});
    regs_.write(io::Bits<TDH>{0});
    regs_.write(io::Bits<TDT>{0});
    regs_.write(TXDCTL::GRAN::of(1) | TXDCTL::MUST_BE_ONE::of(1));
    intel::start_transmitter(regs_);
}

// A message masks its own causes (IAM) and clears them (EIAC), so an interrupt
// costs no register access until the queue is armed again.
void Device::start_interrupts() {
    regs_.write(CTRL_EXT::EIAME::of(1) | CTRL_EXT::PBA_SUPPORT::of(1) | regs_.read<intel::CTRL_EXT>());
    regs_.write(IVAR::RXQ0::of(queue_vector) | IVAR::RXQ0_VALID::of(1) | IVAR::TXQ0::of(queue_vector) |
                IVAR::TXQ0_VALID::of(1) | IVAR::OTHER::of(link_vector) | IVAR::OTHER_VALID::of(1));
    regs_.write(EITR::INTERVAL::of(least_interval_ns / throttle_unit_ns), queue_vector);
    regs_.write(EIAC::RXQ0::of(1) | EIAC::TXQ0::of(1) | EIAC::OTHER::of(1));
    regs_.write(IAM::RXQ0::of(1) | IAM::TXQ0::of(1) | IAM::OTHER::of(1));
    regs_.write(IMS::RXQ0::of(1) | IMS::TXQ0::of(1) | IMS::OTHER::of(1) | IMS::LSC::of(1));
}

u32 Device::receive(u16, std::span<PacketRef> into) {
    if (!running())
        return 0;
    if (link_event_)
        follow_link();
    tx_.reclaim();
    u32 const before = rx_.tail();
    u32 const count = rx_.receive(into, counters());
    if (rx_.tail() != before)
        regs_.write(io::Bits<RDT>{rx_.tail()});
    return count;
}

u32 Device::transmit(u16, std::span<PacketRef> packets) {
    if (!running())
        return 0;
    u32 const count = tx_.transmit(packets, counters());
    if (count != 0)
        regs_.write(io::Bits<TDT>{tx_.tail()});
    return count;
}

// Causes that were served by polling would interrupt for nothing.
bool Device::arm(u16) {
    if (!running())
        return false;
    regs_.write(ICR::RXQ0::of(1) | ICR::TXQ0::of(1));
    regs_.write(IMS::RXQ0::of(1) | IMS::TXQ0::of(1));
    return rx_.pending() || tx_.pending();
}

std::string_view Device::complaint(Nanos now) {
    auto const status = regs_.read<intel::STATUS>();
    if (status == intel::surprise_removed)
        return "it does not answer";
    see_link(intel::STATUS::LU::in(status) != 0);
    counters().rx_missed += regs_.read<intel::MPC>().raw;
    return tx_.stuck(now, link_up()) ? "its transmit queue is stuck" : "";
}

// The cause is cleared before the state is read, so a change in between
// interrupts again.
void Device::follow_link() {
    link_event_ = false;
    regs_.write(ICR::LSC::of(1) | ICR::OTHER::of(1));
    see_link(intel::STATUS::LU::in(regs_.read<intel::STATUS>()) != 0);
    regs_.write(IMS::LSC::of(1) | IMS::OTHER::of(1));
}

void Device::empty_rings(bool stopped) {
    tx_.reclaim();
    count_unread(stopped, [this](auto into, auto& counters) { return rx_.receive(into, counters); });
    take_back(rx_.shadow(), stopped);
    counters().tx_lost += take_back(tx_.shadow(), stopped);
}

}  // namespace nic::e1000e
