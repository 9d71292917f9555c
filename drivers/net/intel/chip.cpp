// SPDX-License-Identifier: MIT
// Reset, address, link.
#include "drivers/net/intel/chip.hpp"

#include "drivers/io/clock.hpp"

namespace nic::intel {

namespace {

constexpr unsigned register_bar = 0;
constexpr Nanos reset_limit = 100 * io::millisecond;
constexpr Nanos mdi_limit = 10 * io::millisecond;

Result<> negotiate_link(io::Mmio const& regs) {
    regs.write(MDIC::DATA::of(phy_autonegotiate | phy_restart) | MDIC::REGADD::of(phy_control) |
               MDIC::PHYADD::of(internal_phy) | MDIC::OP::of(mdi_write));
    auto const ready = [&] { return MDIC::READY::in(regs.read<MDIC>()) != 0; };
    if (!io::wait_until(ready, mdi_limit))
        return Fail{Errno::timedout};
    if (MDIC::ERROR::in(regs.read<MDIC>()) != 0)
        return Fail{Errno::io};
    return {};
}

}  // namespace

Result<io::Mmio> map(pci::Function const& function, usize bytes) {
    auto const bar = TRY(function.memory_bar(register_bar));
    if (bar.bytes < bytes)
        return Fail{Errno::nodev};
    function.enable_memory();
    return io::map_registers(bar.base, bytes);
}

Result<> reset(io::Mmio const& regs) {
    regs.write(CTRL::RST::of(1) | regs.read<CTRL>());
    auto const done = [&] { return CTRL::RST::in(regs.read<CTRL>()) == 0; };
    if (!io::wait_until(done, reset_limit))
        return Fail{Errno::timedout};
    return {};
}

Mac read_mac(io::Mmio const& regs) {
    Mac mac;
    u32 const low = regs.read<RAL>(0).raw;
    u32 const high = RAH::ADDRESS::in(regs.read<RAH>(0));
    for (unsigned i = 0; i < 4; ++i)
        mac.octets[i] = static_cast<u8>(low >> 8 * i);
    for (unsigned i = 0; i < 2; ++i)
        mac.octets[4 + i] = static_cast<u8>(high >> 8 * i);
    return mac;
}

Result<> take_charge(io::Mmio const& regs) {
    regs.write(CTRL_EXT::DRV_LOAD::of(1) | regs.read<CTRL_EXT>());
    regs.write(CTRL::SLU::of(1) | regs.read<CTRL>());
    return negotiate_link(regs);
}

void verify_checksums(io::Mmio const& regs) {
    regs.write(RXCSUM::IPOFL::of(1) | RXCSUM::TUOFL::of(1));
}

void start_transmitter(io::Mmio const& regs) {
    regs.write(TCTL::EN::of(1) | TCTL::PSP::of(1) | TCTL::CT::of(collision_threshold) |
               TCTL::COLD::of(collision_distance));
}

}  // namespace nic::intel
