// SPDX-License-Identifier: MIT
// Registers of the Intel 82574, in the order of chapter 10 of its datasheet
// (82574 GbE Controller Family Datasheet, "Driver Programming Interface"). Only
// what the driver touches, and what is not in intel/chip.hpp.
#pragma once

#include "drivers/io/reg.hpp"
#include "drivers/net/intel/chip.hpp"

namespace nic::e1000e {

using io::Field;
using io::Reg;
using io::RegArray;

inline constexpr u32 register_bytes = 0x2'0000;
inline constexpr u32 vector_count = 5;

// --- 10.2.2 General ------------------------------------------------------

struct CTRL_EXT : intel::CTRL_EXT {            // what only this chip has in it
    using EIAME = Field<intel::CTRL_EXT, 24>;  // IAM applies when the message is sent
    using PBA_SUPPORT = Field<intel::CTRL_EXT, 31>;
};

// --- 10.2.4 Interrupts ---------------------------------------------------

// Causes, in every register that has one bit for each.
template <class R>
struct Causes {
    using LSC = Field<R, 2>;     // link status change
    using RXQ0 = Field<R, 20>;   // receive queue 0 wrote back
    using TXQ0 = Field<R, 22>;   // transmit queue 0 wrote back
    using OTHER = Field<R, 24>;  // with MSI-X: any that is not a queue's
};

struct ICR : Reg<u32, 0x00c0>, Causes<ICR> {};    // interrupt cause; ones written clear it
struct IMS : Reg<u32, 0x00d0>, Causes<IMS> {};    // interrupt mask set
struct IMC : Reg<u32, 0x00d8>, Causes<IMC> {};    // interrupt mask clear
struct EIAC : Reg<u32, 0x00dc>, Causes<EIAC> {};  // cause clears itself when the message is sent
struct IAM : Reg<u32, 0x00e0>, Causes<IAM> {};    // mask clears itself when the message is sent

struct IVAR : Reg<u32, 0x00e4> {  // which vector a cause raises
    using RXQ0 = Field<IVAR, 2, 0>;
    using RXQ0_VALID = Field<IVAR, 3>;
    using TXQ0 = Field<IVAR, 10, 8>;
    using TXQ0_VALID = Field<IVAR, 11>;
    using OTHER = Field<IVAR, 18, 16>;
    using OTHER_VALID = Field<IVAR, 19>;
};

struct EITR : RegArray<u32, 0x00e8, 4, vector_count> {  // interrupt throttle, per vector
    using INTERVAL = Field<EITR, 15, 0>;                // in units of 256 ns
};
inline constexpr u32 throttle_unit_ns = 256;

// --- 10.2.5 Receive ------------------------------------------------------

struct RCTL : Reg<u32, 0x0100> {  // receive control
    using EN = Field<RCTL, 1>;    // receiver enable
    using UPE = Field<RCTL, 3>;   // unicast promiscuous
    using MPE = Field<RCTL, 4>;   // multicast promiscuous
    using LPE = Field<RCTL, 5>;   // accept long frames
    using BAM = Field<RCTL, 15>;  // accept broadcast
    using BSIZE = Field<RCTL, 17, 16>;
    using BSEX = Field<RCTL, 25>;   // BSIZE counts differently
    using SECRC = Field<RCTL, 26>;  // strip the frame checksum
};
inline constexpr u32 bsize_4096 = 3;  // with BSEX

struct RDBAL : Reg<u32, 0x2800> {};
struct RDBAH : Reg<u32, 0x2804> {};
struct RDLEN : Reg<u32, 0x2808> {};
struct RDH : Reg<u32, 0x2810> {};
struct RDT : Reg<u32, 0x2818> {};

struct RFCTL : Reg<u32, 0x5008> {     // receive filter control
    using EXSTEN = Field<RFCTL, 15>;  // descriptors of the extended layout
};

// What the chip takes of a frame, without its checksum: 9 KiB of payload is
// what its data sheet calls a jumbo frame.
inline constexpr u32 longest_frame = 9216 + 14 + 4;

// --- 10.2.6 Transmit -----------------------------------------------------

struct TDBAL : Reg<u32, 0x3800> {};
struct TDBAH : Reg<u32, 0x3804> {};
struct TDLEN : Reg<u32, 0x3808> {};
struct TDH : Reg<u32, 0x3810> {};
struct TDT : Reg<u32, 0x3818> {};
struct TXDCTL : Reg<u32, 0x3828> {
    using MUST_BE_ONE = Field<TXDCTL, 22>;
    using GRAN = Field<TXDCTL, 24>;  // thresholds count descriptors
};

}  // namespace nic::e1000e
