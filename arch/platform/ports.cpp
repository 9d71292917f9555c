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
    PortRange{0x00, 0x0f},    // DMA controller, slave
    PortRange{0x20, 0x21},    // interrupt controller, master
    PortRange{0x40, 0x43},    // interval timer
    PortRange{0x60, 0x61},    // keyboard controller, which resets; the timer's gate, NMI reasons
    PortRange{0x64, 0x64},    // its commands
    PortRange{0x70, 0x71},    // clock; NMI mask
    PortRange{0x81, 0x8f},    // pages of the DMA controllers
    PortRange{0x92, 0x92},    // system control: reset, A20
    PortRange{0xa0, 0xa1},    // interrupt controller, slave
    PortRange{0xb2, 0xb3},    // to system-management mode
    PortRange{0xc0, 0xdf},    // DMA controller, master
    PortRange{0x3f8, 0x3ff},  // the serial line
    PortRange{0x4d0, 0x4d1},  // edge or level
    PortRange{0xcf8, 0xcff},  // PCI configuration (through the emulator only), reset
};

constexpr u16 control_bytes = 2, timer_bytes = 4;

constinit FixedVector<PortRange, 7> kept;  // one for each call below

// A register that there is not has address 0.
void keep(u16 first, u16 count) {
    if (first != 0 && count != 0)
        static_cast<void>(kept.push({first, static_cast<u16>(std::min(first + count - 1, 0xffff))}));
}

}  // namespace

bool port_is_ours(u16 port) {
    auto const has = [port](PortRange const& r) { return r.has(port); };
    return std::ranges::any_of(fixed, has) || std::ranges::any_of(kept, has);
}

void keep_ports(acpi::Power const& power) {
    keep(power.pm1a_event, power.pm1_event_bytes);
    keep(power.pm1b_event, power.pm1_event_bytes);
    keep(power.pm1a_control, control_bytes);
    keep(power.pm1b_control, control_bytes);
    keep(power.smi_command, 1);
    keep(power.reset_port, 1);
    keep(static_cast<u16>(power.pm_timer_port), timer_bytes);
}

}  // namespace arch
