// SPDX-License-Identifier: MIT
#include "arch/platform/ports.hpp"

#include <algorithm>

#include "kernel/base/fixed_vector.hpp"

namespace arch {
namespace {

struct PortRange {
    u16 first, last;
    [[nodiscard]] constexpr bool has(u16 port) const { return first <= port && port <= last; }
};

constexpr std::array fixed{
    PortRange{0x20, 0x21},    // interrupt controller, master
    PortRange{0x40, 0x43},    // interval timer
    PortRange{0x61, 0x61},    // its gate; NMI reasons
    PortRange{0x70, 0x71},    // clock; NMI mask
    PortRange{0x92, 0x92},    // system control: reset, A20
    PortRange{0xa0, 0xa1},    // interrupt controller, slave
    PortRange{0xb2, 0xb3},    // to system-management mode
    PortRange{0x3f8, 0x3ff},  // the serial line
    PortRange{0x4d0, 0x4d1},  // edge or level
    PortRange{0xcf8, 0xcff},  // PCI configuration (through the emulator only), reset
};

constinit FixedVector<PortRange, 16> kept;

}  // namespace

bool port_is_ours(u16 port) {
    auto const has = [port](PortRange const& r) { return r.has(port); };
    return std::ranges::any_of(fixed, has) || std::ranges::any_of(kept, has);
}

void keep_ports(u16 first, u16 count) {
    // Where there is no room left, everything known so far stays kept.
    if (count > 0)
        static_cast<void>(kept.push({first, static_cast<u16>(std::min(first + count - 1, 0xffff))}));
}

}  // namespace arch
