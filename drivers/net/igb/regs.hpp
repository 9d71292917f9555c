// SPDX-License-Identifier: MIT
// Registers of the Intel 82576, in the order of chapter 8 of its datasheet
// (82576EB Gigabit Ethernet Controller Datasheet, "Programming Interface").
// Only what the driver touches, and
// what is not in intel/chip.hpp.
#pragma once

#include "drivers/io/reg.hpp"

namespace nic::igb {

using io::Field;
using io::Reg;
using io::RegArray;

inline constexpr u32 queue_count = 16;  // pairs the chip has
inline constexpr u32 register_bytes = 0x1'0000;

// --- 8.2 General ---------------------------------------------------------

struct CTRL_EXT : Reg<u32, 0x0018> {  // extended device control
    using DRV_LOAD = Field<CTRL_EXT, 28>;
};

// --- 8.8 Interrupts ------------------------------------------------------

struct GPIE : Reg<u32, 0x1514> {           // general purpose interrupt enable
    using NSICR = Field<GPIE, 0>;          // reading ICR clears it always
    using MULTIPLE_MSIX = Field<GPIE, 4>;  // several vectors, by IVAR
    using EIAME = Field<GPIE, 30>;         // EIAM applies when the message is sent
    using PBA_SUPPORT = Field<GPIE, 31>;
};

// One bit per vector in each of these.
struct EIMS : Reg<u32, 0x1524> {};  // extended interrupt mask set
struct EIMC : Reg<u32, 0x1528> {};  // extended interrupt mask clear
struct EIAC : Reg<u32, 0x152c> {};  // cause clears itself when the message is sent
struct EIAM : Reg<u32, 0x1530> {};  // mask clears itself when the message is sent

struct ICR : Reg<u32, 0x1500> {};  // legacy causes; reading clears them
struct IMS : Reg<u32, 0x1508> {    // interrupt mask set, legacy causes
    using LSC = Field<IMS, 2>;     // link status change
};
struct IMC : Reg<u32, 0x150c> {};  // interrupt mask clear, legacy causes

struct EITR : RegArray<u32, 0x1680, 4, 25> {  // interrupt throttle, per vector
    using INTERVAL = Field<EITR, 14, 2>;      // in microseconds
};

// Which vector a queue raises: queues n and n + 8 share entry n.
struct IVAR : RegArray<u32, 0x1700, 4, 8> {
    using RX_LOW = Field<IVAR, 4, 0>;
    using RX_LOW_VALID = Field<IVAR, 7>;
    using TX_LOW = Field<IVAR, 12, 8>;
    using TX_LOW_VALID = Field<IVAR, 15>;
    using RX_HIGH = Field<IVAR, 20, 16>;
    using RX_HIGH_VALID = Field<IVAR, 23>;
};

struct IVAR_MISC : Reg<u32, 0x1740> {  // the vector of the legacy causes
    using OTHER = Field<IVAR_MISC, 12, 8>;
    using OTHER_VALID = Field<IVAR_MISC, 15>;
};

// --- 8.10 Receive --------------------------------------------------------

struct RCTL : Reg<u32, 0x0100> {    // receive control
    using RXEN = Field<RCTL, 1>;    // receiver enable
    using UPE = Field<RCTL, 3>;     // unicast promiscuous
    using MPE = Field<RCTL, 4>;     // multicast promiscuous
    using LPE = Field<RCTL, 5>;     // accept frames as long as RLPML says
    using BAM = Field<RCTL, 15>;    // accept broadcast
    using SECRC = Field<RCTL, 26>;  // strip the frame checksum
};

struct RXCSUM : Reg<u32, 0x5000> {  // receive checksum control
    using IPOFL = Field<RXCSUM, 8>;
    using TUOFL = Field<RXCSUM, 9>;
};

struct RLPML : Reg<u32, 0x5004> {};  // longest frame accepted, with its checksum
inline constexpr u32 longest_frame = 9724;
inline constexpr u32 frame_checksum_bytes = 4;

struct RDBAL : RegArray<u32, 0xc000, 0x40, queue_count> {};
struct RDBAH : RegArray<u32, 0xc004, 0x40, queue_count> {};
struct RDLEN : RegArray<u32, 0xc008, 0x40, queue_count> {};
struct SRRCTL : RegArray<u32, 0xc00c, 0x40, queue_count> {  // split and replication control
    using BSIZEPACKET = Field<SRRCTL, 6, 0>;                // in KiB
    using DESCTYPE = Field<SRRCTL, 27, 25>;
    using DROP_EN = Field<SRRCTL, 31>;  // a full queue drops, and holds up no other
};
inline constexpr u32 desctype_advanced_one_buffer = 1;
struct RDH : RegArray<u32, 0xc010, 0x40, queue_count> {};
struct RDT : RegArray<u32, 0xc018, 0x40, queue_count> {};
struct RXDCTL : RegArray<u32, 0xc028, 0x40, queue_count> {
    using ENABLE = Field<RXDCTL, 25>;
};

// --- 8.12 Transmit -------------------------------------------------------

struct TCTL : Reg<u32, 0x0400> {  // transmit control
    using EN = Field<TCTL, 1>;
    using PSP = Field<TCTL, 3>;  // pad short packets
    using CT = Field<TCTL, 11, 4>;
    using COLD = Field<TCTL, 21, 12>;
};
inline constexpr u32 collision_threshold = 0xf;
inline constexpr u32 collision_distance = 0x40;

struct TDBAL : RegArray<u32, 0xe000, 0x40, queue_count> {};
struct TDBAH : RegArray<u32, 0xe004, 0x40, queue_count> {};
struct TDLEN : RegArray<u32, 0xe008, 0x40, queue_count> {};
struct TDH : RegArray<u32, 0xe010, 0x40, queue_count> {};
struct TDT : RegArray<u32, 0xe018, 0x40, queue_count> {};
struct TXDCTL : RegArray<u32, 0xe028, 0x40, queue_count> {
    using ENABLE = Field<TXDCTL, 25>;
};

static_assert(TXDCTL::last_offset < register_bytes && RXDCTL::last_offset < register_bytes);

}  // namespace nic::igb
