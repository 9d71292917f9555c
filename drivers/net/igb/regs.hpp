// SPDX-License-Identifier: MIT
// Registers of the Intel 82576, in the order of chapter 8 of its datasheet
// (82576EB Gigabit Ethernet Controller Datasheet, "Programming Interface").
// Only what the driver touches, and what is not in intel/chip.hpp.
#pragma once

#include "drivers/io/reg.hpp"
#include "drivers/net/intel/chip.hpp"

namespace nic::igb {

using io::Field;
using io::Reg;
using io::RegArray;

inline constexpr u32 queue_count = 16;  // pairs the chip has
inline constexpr u16 pool_count = 8;    // pool n has the pairs n and n + 8 (7.10.3)
inline constexpr u32 register_bytes = 0x1'0000;

// --- 8.2 General ---------------------------------------------------------

// --- 8.8 Interrupts ------------------------------------------------------

struct GPIE : Reg<u32, 0x1514> {           // general purpose interrupt enable
    using NSICR = Field<GPIE, 0>;          // reading ICR clears it always
    using MULTIPLE_MSIX = Field<GPIE, 4>;  // several vectors, by IVAR
    using EIAME = Field<GPIE, 30>;         // EIAM applies when the message is sent
    using PBA_SUPPORT = Field<GPIE, 31>;
};

// One bit per vector in each of these.
struct EICR : Reg<u32, 0x1580> {};  // extended causes; a one written clears
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
    using TX_HIGH = Field<IVAR, 28, 24>;
    using TX_HIGH_VALID = Field<IVAR, 31>;
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
    using VFE = Field<RCTL, 18>;    // frames with a tag by VFTA, and to pools by VLVF
    using SECRC = Field<RCTL, 26>;  // strip the frame checksum
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
// Frames dropped because the queue had no descriptor; reading clears it.
struct RQDPC : RegArray<u32, 0xc030, 0x40, queue_count> {
    using COUNT = Field<RQDPC, 11, 0>;
};

// --- 8.12 Transmit -------------------------------------------------------

struct TDBAL : RegArray<u32, 0xe000, 0x40, queue_count> {};
struct TDBAH : RegArray<u32, 0xe004, 0x40, queue_count> {};
struct TDLEN : RegArray<u32, 0xe008, 0x40, queue_count> {};
struct TDH : RegArray<u32, 0xe010, 0x40, queue_count> {};
struct TDT : RegArray<u32, 0xe018, 0x40, queue_count> {};
struct TXDCTL : RegArray<u32, 0xe028, 0x40, queue_count> {
    using ENABLE = Field<TXDCTL, 25>;
};

// --- 8.14 Virtualization --------------------------------------------------

struct MRQC : Reg<u32, 0x5818> {  // several receive queues, by what
    using ENABLE = Field<MRQC, 2, 0>;
    // What is hashed.
    using TCP_IPV4 = Field<MRQC, 16>;
    using IPV4 = Field<MRQC, 17>;
    using IPV6 = Field<MRQC, 20>;
    using TCP_IPV6 = Field<MRQC, 21>;
    using UDP_IPV4 = Field<MRQC, 22>;
    using UDP_IPV6 = Field<MRQC, 23>;
};
inline constexpr u32 mrqc_pools = 3;      // by address and VLAN: VMDq
inline constexpr u32 mrqc_pools_rss = 5;  // and in a pool by a hash of the connection

// Toeplitz hash of addresses and ports (7.1.2.8): the key, and which queue of a
// pool the low bits of a hash stand for.
struct RSSRK : RegArray<u32, 0x5c80, 4, 10> {};
struct RETA : RegArray<u32, 0x5c00, 4, 32> {};

struct VT_CTL : Reg<u32, 0x581c> {         // how pools are chosen
    using DEF_PL = Field<VT_CTL, 9, 7>;    // pool of unicasts that are nobody's
    using DIS_DEF_PL = Field<VT_CTL, 29>;  // there is none
    using RPL_EN = Field<VT_CTL, 30>;      // broadcasts and multicasts to several pools
};

// Which pools are in a network.
struct VLVF : RegArray<u32, 0x5d00, 4, 32> {
    using VLAN = Field<VLVF, 11, 0>;
    using POOLSEL = Field<VLVF, 19, 12>;
    using VI_EN = Field<VLVF, 31>;
};

// One bit per pool in both: it may receive, it may transmit.
struct VFRE : Reg<u32, 0x0c8c> {};
struct VFTE : Reg<u32, 0x0c90> {};

struct VMOLR : RegArray<u32, 0x5ad0, 4, pool_count> {  // offloads and filters of a pool
    using RLPML = Field<VMOLR, 13, 0>;                 // longest frame, with its checksum
    using LPE = Field<VMOLR, 16>;                      // take long frames
    using RSSE = Field<VMOLR, 17>;                     // both queues, by the hash
    using AUPE = Field<VMOLR, 24>;                     // take frames without a VLAN tag
    using ROMPE = Field<VMOLR, 25>;                    // take multicasts by the table MTA
    using BAM = Field<VMOLR, 27>;                      // take broadcasts
    using MPME = Field<VMOLR, 28>;                     // take every multicast
    using STRVLAN = Field<VMOLR, 30>;                  // strip the tag, and tell it apart
    using STRCRC = Field<VMOLR, 31>;                   // strip the frame checksum
};
struct RPLOLR : Reg<u32, 0x5af0> {  // the same for what is replicated
    using STRVLAN = Field<RPLOLR, 30>;
    using STRCRC = Field<RPLOLR, 31>;
};

struct DTXSWC : Reg<u32, 0x3500> {      // switching between pools
    using LLE = Field<DTXSWC, 23, 16>;  // a pool may get its own unicasts back
    using LOOPBACK_EN = Field<DTXSWC, 31>;
};

struct MTA : RegArray<u32, 0x5200, 4, 128> {};   // a bit per hash of a multicast address, 8.10
struct VFTA : RegArray<u32, 0x5600, 4, 128> {};  // a bit per network, 8.10

// To which pools a receive address belongs.
struct RAH : intel::RAH {
    using POOLSEL = Field<intel::RAH, 25, 18>;
};

static_assert(TXDCTL::last_offset < register_bytes && RXDCTL::last_offset < register_bytes);

}  // namespace nic::igb
