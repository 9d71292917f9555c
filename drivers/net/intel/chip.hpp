// SPDX-License-Identifier: MIT
// What Intel's gigabit chips have in the same place: the registers that every
// one of them has had since the first, and what a driver does with those alone.
// 82576 datasheet 8.2 and 8.10, 82574 datasheet 10.2.2 and 10.2.5.
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/net/mac.hpp"

namespace nic::intel {

struct CTRL : io::Reg<u32, 0x0000> {  // device control
    using GIO_MASTER_DISABLE = io::Field<CTRL, 2>;
    using SLU = io::Field<CTRL, 6>;   // set link up
    using RST = io::Field<CTRL, 26>;  // clears itself when done
};

struct STATUS : io::Reg<u32, 0x0008> {  // device status
    using LU = io::Field<STATUS, 1>;    // link up
    using GIO_MASTER_ENABLE = io::Field<STATUS, 19>;
};
inline constexpr io::Bits<STATUS> surprise_removed{~u32{0}};

struct MDIC : io::Reg<u32, 0x0020> {  // management data interface: registers of the PHY
    using DATA = io::Field<MDIC, 15, 0>;
    using REGADD = io::Field<MDIC, 20, 16>;
    using PHYADD = io::Field<MDIC, 25, 21>;
    using OP = io::Field<MDIC, 27, 26>;
    using READY = io::Field<MDIC, 28>;
    using ERROR = io::Field<MDIC, 30>;
};
inline constexpr u32 mdi_write = 1;
inline constexpr u32 internal_phy = 1;
inline constexpr u32 phy_control = 0;  // IEEE 802.3, 22.2.4.1, as the bits below
inline constexpr u32 phy_autonegotiate = u32{1} << 12;
inline constexpr u32 phy_restart = u32{1} << 9;

// Receive address, low: octets 0..3; high: octets 4 and 5.
struct RAL : io::RegArray<u32, 0x5400, 8, 16> {};
struct RAH : io::RegArray<u32, 0x5404, 8, 16> {
    using ADDRESS = io::Field<RAH, 15, 0>;
    using AV = io::Field<RAH, 31>;  // address valid
};

// Returns when the chip says the reset is over; Errno::timedout.
Result<> reset(io::Mmio const& regs);

// The card's own address, as it stands after a reset.
Mac read_mac(io::Mmio const& regs);

// Begins to negotiate with the other end. A reset leaves the PHY as it was,
// while the other end may have changed.
Result<> negotiate_link(io::Mmio const& regs);

}  // namespace nic::intel
