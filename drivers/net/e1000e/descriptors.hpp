// SPDX-License-Identifier: MIT
// How the 82574 is told what to do with a packet it sends: TCP/IP context and
// data descriptors (datasheet 7.2.10).
#pragma once

#include "drivers/net/intel/transmit_ring.hpp"

namespace nic::e1000e {

using intel::Descriptor;

// High word of a data descriptor, with what only this chip has.
struct TxData : intel::TxData {
    using TSE = io::Field<intel::TxData, 26>;  // cut into segments
};

// Low word of a context descriptor: where checksums start (S), where they go
// (O), and where they end (E); an end of zero is the end of the packet.
struct TxPlace {
    using word = u64;
    using IPCSS = io::Field<TxPlace, 7, 0>;
    using IPCSO = io::Field<TxPlace, 15, 8>;
    using IPCSE = io::Field<TxPlace, 31, 16>;
    using TUCSS = io::Field<TxPlace, 39, 32>;
    using TUCSO = io::Field<TxPlace, 47, 40>;
};
struct TxContext {
    using word = u64;
    using PAYLEN = io::Field<TxContext, 19, 0>;  // with what follows: of a packet to be cut
    using TYPE = io::Field<TxContext, 23, 20>;
    using TCP = io::Field<TxContext, 24>;
    using IPV4 = io::Field<TxContext, 25>;
    using TSE = io::Field<TxContext, 26>;
    using DEXT = io::Field<TxContext, 29>;
    using HDRLEN = io::Field<TxContext, 47, 40>;
    using MSS = io::Field<TxContext, 63, 48>;
};

inline constexpr u64 type_context = 0;
inline constexpr u64 type_data = 1;

extern intel::TxFormat const tx_format;

}  // namespace nic::e1000e
