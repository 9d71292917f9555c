// SPDX-License-Identifier: MIT
// How the 82576 is told what to do with a packet it sends: advanced descriptors
// (datasheet 7.2.2).
#pragma once

#include "drivers/net/intel/transmit_ring.hpp"

namespace nic::igb {

using intel::Descriptor;
using intel::RxDone;

// High word of a data descriptor, with what only this chip has.
struct TxData : intel::TxData {
    using TSE = io::Field<intel::TxData, 31>;  // cut into segments
    using CC = io::Field<intel::TxData, 39>;   // the context descriptor counts
    using PAYLEN = io::Field<intel::TxData, 63, 46>;
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

extern intel::TxFormat const tx_format;

}  // namespace nic::igb
