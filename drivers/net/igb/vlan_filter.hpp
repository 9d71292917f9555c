// SPDX-License-Identifier: MIT
// Which pools are in which virtual networks (datasheet 7.10.3.4). The chip knows
// 32 networks and keeps the frames of others from all pools but, when they are
// for one station, the common one; so it looks at tags only while stations have
// pools of their own.
#pragma once

#include <array>
#include <optional>

#include "drivers/net/igb/regs.hpp"
#include "drivers/net/nic.hpp"

namespace nic::igb {

class VlanFilter {
  public:
    // The common pool is in these; fits() says whether the chip can keep to it.
    void hear(Vlans const& networks);
    [[nodiscard]] bool fits() const { return (heard_ & ~untagged()).count() < VLVF::count; }

    // A station's pool is in one network.
    void join(u16 pool, u16 network);
    void leave(u16 pool);

    // As said; what does not change stays in force meanwhile.
    void write(io::Mmio const& regs) const;

  private:
    static Vlans untagged() { return Vlans{1}; }
    void choose_places();
    [[nodiscard]] u32 pools_in(u16 network) const;
    [[nodiscard]] bool in_use() const;

    Vlans heard_;
    std::array<std::optional<u16>, pool_count> joined_{};  // by pool
    // The network of each entry; 0 is that of the first entry, else nobody's.
    std::array<u16, VLVF::count> places_{};
};

}  // namespace nic::igb
