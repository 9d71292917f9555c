// SPDX-License-Identifier: MIT
// Receive address n is that of pool n's station, so neither needs a list.
#include "drivers/net/igb/pools.hpp"

#include "drivers/net/igb/regs.hpp"

namespace nic::igb::pools {

namespace {

constexpr u32 bit(u16 pool) {
    return u32{1} << pool;
}

template <class R>
void set(io::Mmio const& regs, u32 bits, bool on) {
    u32 const before = regs.read<R>().raw;
    regs.write(io::Bits<R>{on ? before | bits : before & ~bits});
}

void write_address(io::Mmio const& regs, u16 pool, Mac mac) {
    auto const& o = mac.octets;
    u32 const low = static_cast<u32>(o[0]) | static_cast<u32>(o[1]) << 8 | static_cast<u32>(o[2]) << 16 |
                    static_cast<u32>(o[3]) << 24;
    u32 const high = static_cast<u32>(o[4]) | static_cast<u32>(o[5]) << 8;
    regs.write(io::Bits<intel::RAL>{low}, pool);
    regs.write(RAH::ADDRESS::of(high) | RAH::POOLSEL::of(bit(pool)) | RAH::AV::of(1), pool);
}

// The chip takes a multicast by MPME alone, or by a match in MTA with ROMPE.
io::Bits<VMOLR> filter(Station const& station, bool groups) {
    u32 const on = groups ? 1 : 0;
    u32 const tagged = station.vlan != 0 ? 1 : 0;
    return VMOLR::RLPML::of(station.max_frame + frame_checksum_bytes) | VMOLR::LPE::of(1) |
           VMOLR::AUPE::of(1 - tagged) | VMOLR::STRVLAN::of(tagged) | VMOLR::ROMPE::of(on) |
           VMOLR::BAM::of(on) | VMOLR::MPME::of(on) | VMOLR::STRCRC::of(1);
}

}  // namespace

void start(io::Mmio const& regs, Mac own) {
    regs.write(MRQC::ENABLE::of(mrqc_pools));
    regs.write(VT_CTL::RPL_EN::of(1) | VT_CTL::DEF_PL::of(0));
    // A station does not see the tag of its network, so broadcasts lose theirs
    // for everybody; the common queue puts it back.
    regs.write(RPLOLR::STRCRC::of(1) | RPLOLR::STRVLAN::of(1));
    for (u32 i = 0; i < MTA::count; ++i)
        regs.write(io::Bits<MTA>{~u32{0}}, i);
    for (u32 i = 0; i < VFTA::count; ++i)
        regs.write(io::Bits<VFTA>{~u32{0}}, i);
    switch_inside(regs, false);
    regs.write(io::Bits<VFRE>{0});
    regs.write(io::Bits<VFTE>{0});
    open(regs, 0);
    admit(regs, 0, {.mac = own, .max_frame = longest_frame});
}

void open(io::Mmio const& regs, u16 pool) {
    set<VFTE>(regs, bit(pool), true);
}

void close(io::Mmio const& regs, u16 pool) {
    set<VFTE>(regs, bit(pool), false);
}

// The address comes last, because a frame that finds it, but a pool that does
// not receive, is lost.
void admit(io::Mmio const& regs, u16 pool, Station const& station) {
    hear_groups(regs, pool, station, true);
    set<VFRE>(regs, bit(pool), true);
    write_address(regs, pool, station.mac);
}

// In the other order.
void dismiss(io::Mmio const& regs, u16 pool) {
    regs.write(io::Bits<intel::RAH>{0}, pool);
    regs.write(io::Bits<VMOLR>{0}, pool);
    set<VFRE>(regs, bit(pool), false);
}

void hear_groups(io::Mmio const& regs, u16 pool, Station const& station, bool on) {
    regs.write(filter(station, on), pool);
}

void switch_inside(io::Mmio const& regs, bool on) {
    regs.write(DTXSWC::LOOPBACK_EN::of(on ? 1 : 0));
}

}  // namespace nic::igb::pools
