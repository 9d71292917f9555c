// SPDX-License-Identifier: MIT
// What Intel's gigabit chips have in the same place: the registers that every
// one of them has had since the first, and what a driver does with those alone.
// 82576 datasheet 8.2, 8.10 and 8.12, 82574 datasheet 10.2.2, 10.2.5 and 10.2.6.
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/net/mac.hpp"
#include "drivers/pci/function.hpp"

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

struct CTRL_EXT : io::Reg<u32, 0x0018> {       // extended device control
    using DRV_LOAD = io::Field<CTRL_EXT, 28>;  // there is a driver
};

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

struct TCTL : io::Reg<u32, 0x0400> {  // transmit control
    using EN = io::Field<TCTL, 1>;
    using PSP = io::Field<TCTL, 3>;  // pad short packets
    using CT = io::Field<TCTL, 11, 4>;
    using COLD = io::Field<TCTL, 21, 12>;
};
inline constexpr u32 collision_threshold = 0xf;
inline constexpr u32 collision_distance = 0x40;

struct MPC : io::Reg<u32, 0x4010> {};  // missed packets: no room in the chip; reading clears it

struct RXCSUM : io::Reg<u32, 0x5000> {  // receive checksum control
    using IPOFL = io::Field<RXCSUM, 8>;
    using TUOFL = io::Field<RXCSUM, 9>;
    using PCSD = io::Field<RXCSUM, 13>;  // descriptors tell the hash in place of a checksum
};

// Receive address, low: octets 0..3; high: octets 4 and 5.
struct RAL : io::RegArray<u32, 0x5400, 8, 16> {};
struct RAH : io::RegArray<u32, 0x5404, 8, 16> {
    using ADDRESS = io::Field<RAH, 15, 0>;
    using AV = io::Field<RAH, 31>;  // address valid
};

// The first `bytes` of what BAR 0 is about. Errno::nodev: it is not.
Result<io::Mmio> map(pci::Function const& function, usize bytes);

// Returns when the chip says the reset is over; Errno::timedout. The PHY stays
// as it was.
Result<> reset(io::Mmio const& regs);

// Whether there is a driver: what one that ended without a word has left set, once
// it had started the chip.
void set_loaded(io::Mmio const& regs, bool on);
// It did, with a link, and the chip still knows its own address.
bool was_left_running(io::Mmio const& regs);

// The card's own address, as it stands after a reset.
Mac read_mac(io::Mmio const& regs);

bool has_link(io::Mmio const& regs);
// What both ends negotiate anew.
Result<> negotiate_link(io::Mmio const& regs);
// Waits until the PHY tells of the link it has kept; false: it has none.
bool keep_link(io::Mmio const& regs);

// Checksums of what comes are looked at.
void verify_checksums(io::Mmio const& regs);
// Whatever its queues have.
void start_transmitter(io::Mmio const& regs);

}  // namespace nic::intel
