// SPDX-License-Identifier: MIT
// What lies in the rings of an 82576: advanced descriptors, two words of 64
// bits each (datasheet 7.1.5 for receiving, 7.2.2 for sending).
#pragma once

#include "drivers/io/reg.hpp"

namespace nic::igb {

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
    using DD = io::Field<RxDone, 0>;    // descriptor done
    using EOP = io::Field<RxDone, 1>;   // last descriptor of the packet
    using L4I = io::Field<RxDone, 5>;   // transport checksum was looked at
    using L4E = io::Field<RxDone, 29>;  // transport checksum is wrong
    using IPE = io::Field<RxDone, 30>;  // IPv4 header checksum is wrong
    using RXE = io::Field<RxDone, 31>;  // damaged on the wire
    using LENGTH = io::Field<RxDone, 47, 32>;
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
    using DEXT = io::Field<TxData, 29>;  // advanced descriptor
    using TSE = io::Field<TxData, 31>;   // cut into segments
    using DD = io::Field<TxData, 32>;
    using CC = io::Field<TxData, 39>;    // the context descriptor counts
    using IXSM = io::Field<TxData, 40>;  // insert the IPv4 header checksum
    using TXSM = io::Field<TxData, 41>;  // insert the transport checksum
    using PAYLEN = io::Field<TxData, 63, 46>;
};

// Both words of a context descriptor: where the headers are.
struct TxPlace {
    using word = u64;
    using IPLEN = io::Field<TxPlace, 8, 0>;
    using MACLEN = io::Field<TxPlace, 15, 9>;
};
struct TxContext {
    using word = u64;
    using IPV4 = io::Field<TxContext, 10>;
    using L4T = io::Field<TxContext, 12, 11>;
    using TYPE = io::Field<TxContext, 23, 20>;
    using DEXT = io::Field<TxContext, 29>;
    using L4LEN = io::Field<TxContext, 47, 40>;  // of the transport header, with MSS for cutting
    using MSS = io::Field<TxContext, 63, 48>;
};

inline constexpr u64 type_context = 2;
inline constexpr u64 type_data = 3;
inline constexpr u64 l4t_udp = 0;
inline constexpr u64 l4t_tcp = 1;

}  // namespace nic::igb
