// SPDX-License-Identifier: MIT
#include "drivers/net/igb/rss.hpp"

#include "drivers/net/igb/regs.hpp"

namespace nic::igb {

namespace {

// Of period 16 bits: both directions of a connection have one hash.
constexpr u32 key = 0x6d5a'6d5a;
// Four entries: hashes are for queues n and n + 8 in turn.
constexpr u32 alternating = u32{pool_count} << 8 | u32{pool_count} << 24;

}  // namespace

void spread_common_pool(io::Mmio const& regs) {
    for (u32 i = 0; i < RSSRK::count; ++i)
        regs.write(io::Bits<RSSRK>{key}, i);
    for (u32 i = 0; i < RETA::count; ++i)
        regs.write(io::Bits<RETA>{alternating}, i);
    regs.write(intel::RXCSUM::PCSD::of(1) | regs.read<intel::RXCSUM>());
    regs.write(VMOLR::RSSE::of(1) | regs.read<VMOLR>(0), 0);
    regs.write(MRQC::ENABLE::of(mrqc_pools_rss) | MRQC::TCP_IPV4::of(1) | MRQC::UDP_IPV4::of(1) |
               MRQC::IPV4::of(1) | MRQC::TCP_IPV6::of(1) | MRQC::UDP_IPV6::of(1) | MRQC::IPV6::of(1));
}

}  // namespace nic::igb
