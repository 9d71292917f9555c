// SPDX-License-Identifier: MIT
// Reset, address, link.
#include "drivers/net/intel/chip.hpp"

#include "drivers/io/clock.hpp"

namespace nic::intel {

namespace {

constexpr Nanos reset_limit = 100 * io::millisecond;
constexpr Nanos mdi_limit = 10 * io::millisecond;

}  // namespace

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

}  // namespace nic::intel
