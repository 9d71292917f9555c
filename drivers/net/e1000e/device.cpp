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
    TRY_VOID(enable_messages());
    TRY_VOID(messages().connect(queue_vector, [wake] { wake(0); }));
    TRY_VOID(connect_link(link_vector, wake));
    messages().unmask();
    return {};
}

Result<> Device::start_chip() {
    TRY_VOID(start_receiving());
    start_sending();
    start_interrupts();
    return {};
}

void Device::mask_interrupts() {
    regs().write(io::Bits<IMC>{all_causes});
    regs().write(io::Bits<ICR>{all_causes});
}

// 4.6.5. A bridge takes every frame.
Result<> Device::start_receiving() {
    TRY_VOID(rx_.fill());
    u64 const at = rx_.maddr().raw();
    regs().write(RFCTL::EXSTEN::of(1));
    intel::verify_checksums(regs());
    regs().write(io::Bits<RDBAL>{static_cast<u32>(at)});
    regs().write(io::Bits<RDBAH>{static_cast<u32>(at >> 32)});
    regs().write(io::Bits<RDLEN>{intel::Ring::bytes});
    regs().write(io::Bits<RDH>{0});
    regs().write(RCTL::EN::of(1) | RCTL::UPE::of(1) | RCTL::MPE::of(1) | RCTL::LPE::of(1) | RCTL::BAM::of(1) |
                 RCTL::BSEX::of(1) | RCTL::BSIZE::of(bsize_4096) | RCTL::SECRC::of(1));
    static_assert(buffer_bytes == 4096);
    regs().write(io::Bits<RDT>{rx_.tail()});
    return {};
}

// 4.6.6.
void Device::start_sending() {
    tx_.clear();
    u64 const at = tx_.maddr().raw();
    regs().write(io::Bits<TDBAL>{static_cast<u32>(at)});
    regs().write(io::Bits<TDBAH>{static_cast<u32>(at >> 32)});
    regs().write(io::Bits<TDLEN>{intel::Ring::bytes});
    regs().write(io::Bits<TDH>{0});
    regs().write(io::Bits<TDT>{0});
    regs().write(TXDCTL::GRAN::of(1) | TXDCTL::MUST_BE_ONE::of(1));
    intel::start_transmitter(regs());
}

// A message masks its own causes (IAM) and clears them (EIAC), so an interrupt
// costs no register access until the queue is armed again.
void Device::start_interrupts() {
    regs().write(CTRL_EXT::EIAME::of(1) | CTRL_EXT::PBA_SUPPORT::of(1) | regs().read<intel::CTRL_EXT>());
    regs().write(IVAR::RXQ0::of(queue_vector) | IVAR::RXQ0_VALID::of(1) | IVAR::TXQ0::of(queue_vector) |
                 IVAR::TXQ0_VALID::of(1) | IVAR::OTHER::of(link_vector) | IVAR::OTHER_VALID::of(1));
    moderation_ = {};
    set_interval();
    regs().write(EIAC::RXQ0::of(1) | EIAC::TXQ0::of(1) | EIAC::OTHER::of(1));
    regs().write(IAM::RXQ0::of(1) | IAM::TXQ0::of(1) | IAM::OTHER::of(1));
    regs().write(IMS::RXQ0::of(1) | IMS::TXQ0::of(1) | IMS::OTHER::of(1) | IMS::LSC::of(1));
}

void Device::set_interval() {
    regs().write(EITR::INTERVAL::of(moderation_.interval_us() * 1000 / throttle_unit_ns), queue_vector);
}

u32 Device::receive(u16, std::span<PacketRef> into) {
    if (!running())
        return 0;
    heed_link();
    tx_.reclaim();
    u32 const before = rx_.tail();
    u32 const count = rx_.receive(into, counters());
    if (rx_.tail() != before)
        regs().write(io::Bits<RDT>{rx_.tail()});
    moderation_.moved(count);
    return count;
}

u32 Device::transmit(u16, std::span<PacketRef> packets) {
    if (!running())
        return 0;
    u32 const count = tx_.transmit(packets, counters());
    if (count != 0)
        regs().write(io::Bits<TDT>{tx_.tail()});
    moderation_.moved(count);
    return count;
}

// Causes that were served by polling would interrupt for nothing.
bool Device::arm(u16 queue) {
    if (!running())
        return false;
    if (moderation_.armed())
        set_interval();
    regs().write(ICR::RXQ0::of(1) | ICR::TXQ0::of(1));
    regs().write(IMS::RXQ0::of(1) | IMS::TXQ0::of(1));
    return pending(queue);
}

bool Device::pending(u16) const {
    return running() && (rx_.pending() || tx_.pending());
}

void Device::clear_link_cause() {
    regs().write(ICR::LSC::of(1) | ICR::OTHER::of(1));
}

void Device::arm_link() {
    regs().write(IMS::LSC::of(1) | IMS::OTHER::of(1));
}

void Device::empty_rings(bool stopped) {
    tx_.reclaim();
    count_unread(stopped, [this](auto into, auto& counters) { return rx_.receive(into, counters); });
    take_back(rx_.give_up(), stopped);
    counters().tx_lost += take_back(tx_.give_up(), stopped);
}

}  // namespace nic::e1000e
