// SPDX-License-Identifier: MIT
// What lies in the rings of Intel's gigabit chips: two words of 64 bits each.
// The 82576 calls it advanced (datasheet 7.1.5, 7.2.2), the 82574 extended
// (7.1.5, 7.2.10); what is here is the same in both.
#pragma once

#include "drivers/io/reg.hpp"

namespace nic::intel {

// The driver writes both words, the chip overwrites them when it is done.
struct Descriptor {
    u64 low;
    u64 high;

    friend bool operator==(Descriptor, Descriptor) = default;
};
static_assert(sizeof(Descriptor) == 16);

// High word of a received descriptor as the chip writes it back.
struct RxDone {
    using word = u64;
    using DD = io::Field<RxDone, 0>;     // descriptor done
    using EOP = io::Field<RxDone, 1>;    // last descriptor of the packet
    using VP = io::Field<RxDone, 3>;     // its VLAN tag was taken off, and is told below
    using UDPCS = io::Field<RxDone, 4>;  // it is UDP, whose checksum was looked at
    using L4I = io::Field<RxDone, 5>;    // transport checksum was looked at
    using L4E = io::Field<RxDone, 29>;   // transport checksum is wrong
    using IPE = io::Field<RxDone, 30>;   // IPv4 header checksum is wrong
    using RXE = io::Field<RxDone, 31>;   // damaged on the wire
    using LENGTH = io::Field<RxDone, 47, 32>;
    using TAG = io::Field<RxDone, 63, 48>;
};

// High word of a data descriptor: command below, offload choices above. What
// the chip writes back keeps only DD.
struct TxData {
    using word = u64;
    using LENGTH = io::Field<TxData, 15, 0>;
    using TYPE = io::Field<TxData, 23, 20>;
    using EOP = io::Field<TxData, 24>;   // end of packet
    using IFCS = io::Field<TxData, 25>;  // insert the frame checksum
    using RS = io::Field<TxData, 27>;    // report status: write back DD
    using DEXT = io::Field<TxData, 29>;  // not of the oldest, "legacy" layout
    using DD = io::Field<TxData, 32>;
    using IXSM = io::Field<TxData, 40>;  // insert the IPv4 header checksum
    using TXSM = io::Field<TxData, 41>;  // insert the transport checksum
};

}  // namespace nic::intel
