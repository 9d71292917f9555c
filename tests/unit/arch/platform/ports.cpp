// SPDX-License-Identifier: MIT
// Which ports are kept.
#include "arch/platform/ports.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

namespace {

std::vector<u16> ours() {
    std::vector<u16> all;
    for (u32 port = 0; port < 0x10000; ++port)
        if (arch::port_is_ours(static_cast<u16>(port)))
            all.push_back(static_cast<u16>(port));
    return all;
}

void add(std::vector<u16>& all, u32 first, u32 last) {
    for (u32 port = first; port <= last; ++port)
        all.push_back(static_cast<u16>(port));
}

// Of a PC without ACPI.
std::vector<u16> of_every_machine() {
    std::vector<u16> all;
    add(all, 0x00, 0x0f);    // DMA
    add(all, 0x20, 0x21);    // interrupt controller
    add(all, 0x40, 0x43);    // timer
    add(all, 0x60, 0x61);    // keyboard controller, which resets; NMI
    add(all, 0x64, 0x64);    // its commands
    add(all, 0x70, 0x71);    // clock, NMI
    add(all, 0x81, 0x8f);    // DMA
    add(all, 0x92, 0x92);    // reset
    add(all, 0xa0, 0xa1);    // interrupt controller
    add(all, 0xb2, 0xb3);    // system management
    add(all, 0xc0, 0xdf);    // DMA
    add(all, 0x3f8, 0x3ff);  // serial line
    add(all, 0x4d0, 0x4d1);  // interrupt controller
    add(all, 0xcf8, 0xcff);  // PCI, reset
    return all;
}

}  // namespace

TEST_CASE(
    "CP-1 controllers, timers, ways to reset, and what ACPI's table names are kept, and nothing beside "
    "them") {
    std::vector<u16> expected = of_every_machine();
    CHECK(ours() == expected);
    // What is not there, or reaches beyond the last port, keeps no other.
    arch::keep_ports({});
    CHECK(ours() == expected);
    arch::keep_ports({.pm_timer_port = 0x608,
                      .pm1a_control = 0x604,
                      .pm1b_control = 0x704,
                      .pm1a_event = 0x600,
                      .pm1b_event = 0x700,
                      .pm1_event_bytes = 4,
                      .smi_command = 0xb8,
                      .reset_port = 0xffff});
    add(expected, 0xb8, 0xb8);
    add(expected, 0x600, 0x605);
    add(expected, 0x608, 0x60b);
    add(expected, 0x700, 0x705);
    add(expected, 0xffff, 0xffff);
    std::ranges::sort(expected);
    CHECK(ours() == expected);
}
