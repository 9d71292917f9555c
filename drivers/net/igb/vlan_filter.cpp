// SPDX-License-Identifier: MIT
// A network keeps its entry as long as it is needed: the chip never sees it
// missing in between.
#include "drivers/net/igb/vlan_filter.hpp"

#include <algorithm>
#include <span>

namespace nic::igb {

void VlanFilter::hear(Vlans const& networks) {
    heard_ = networks;
    choose_places();
}

void VlanFilter::join(u16 pool, u16 network) {
    joined_[pool] = network;
    choose_places();
}

void VlanFilter::leave(u16 pool) {
    joined_[pool].reset();
    choose_places();
}

void VlanFilter::choose_places() {
    Vlans missing = heard_;
    for (auto const& network : joined_)
        if (network)
            missing.set(*network);
    missing.reset(0);
    auto const tagged = std::span{places_}.subspan(1);
    for (u16& place : tagged) {
        place = missing.test(place) ? place : u16{0};
        missing.reset(place);
    }
    for (u16 network = 0; network < missing.size(); ++network) {
        auto const place = missing.test(network) ? std::ranges::find(tagged, 0) : tagged.end();
        if (place != tagged.end())
            *place = network;
    }
}

u32 VlanFilter::pools_in(u16 network) const {
    u32 pools = 1;
    for (u32 pool = 0; pool < pool_count; ++pool)
        pools |= (joined_[pool] == network ? u32{1} : 0) << pool;
    return pools;
}

bool VlanFilter::in_use() const {
    return std::ranges::any_of(joined_, [](auto const& network) { return network.has_value(); });
}

void VlanFilter::write(io::Mmio const& regs) const {
    auto const control = regs.read<RCTL>();
    if (!in_use())
        regs.write(RCTL::VFE::replaced(control, 0));
    for (u32 i = 0; i < VLVF::count; ++i) {
        bool const used = i == 0 || places_[i] != 0;
        regs.write(
            used ? VLVF::VLAN::of(places_[i]) | VLVF::POOLSEL::of(pools_in(places_[i])) | VLVF::VI_EN::of(1)
                 : io::Bits<VLVF>{0},
            i);
    }
    if (in_use())
        regs.write(RCTL::VFE::replaced(control, 1));
}

}  // namespace nic::igb
