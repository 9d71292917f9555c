// SPDX-License-Identifier: MIT
#include "arch/platform/reference_clock.hpp"

#include "arch/cpu/io.hpp"
#include "arch/mm/paging.hpp"

namespace arch {
namespace {

// IA-PC HPET specification 1.0a, 2.3.
namespace hpet {
constexpr u64 capabilities = 0x00, configuration = 0x10, counter = 0xf0;
constexpr u64 enable = 1;
constexpr u64 femtos_per_second = 1000000000000000, slowest_period = 100000000;
constinit u64 volatile* registers = nullptr;

u64 volatile& at(u64 offset) {
    return registers[offset / sizeof(u64)];
}
u32 read() {
    return static_cast<u32>(at(counter));
}

std::optional<ReferenceClock> start(Maddr where) {
    auto const mapped = map_device(where, 0x400);
    if (!mapped)
        return {};
    registers = static_cast<u64 volatile*>(*mapped);
    u64 const period = at(capabilities) >> 32;
    if (period == 0 || period > slowest_period)
        return {};
    at(configuration) = at(configuration) | enable;
    return ReferenceClock{"HPET", femtos_per_second / period, ~u32{0}, read};
}
}  // namespace hpet

// ACPI 4.8.3.3.
namespace pm_timer {
constexpr u64 hz = 3579545;
constinit u16 port = 0;
u32 read() {
    return in32(port);
}
}  // namespace pm_timer

// Intel 8254: channel 2 counts down; its gate is bit 0 of port 0x61.
namespace pit {
constexpr u64 hz = 1193182;
constexpr u16 channel2 = 0x42, command = 0x43, gate = 0x61;
constexpr u8 gate_open = 1, speaker = 2;
constexpr u8 channel2_both_bytes_mode2 = 0xb4, latch_channel2 = 0x80;

u32 read() {
    out8(command, latch_channel2);
    u32 const low = in8(channel2);
    return ~(low | u32{in8(channel2)} << 8) & 0xffff;
}

ReferenceClock start() {
    out8(gate, static_cast<u8>((in8(gate) & ~speaker) | gate_open));
    out8(command, channel2_both_bytes_mode2);
    out8(channel2, 0xff);
    out8(channel2, 0xff);
    return {"PIT", hz, 0xffff, read};
}
}  // namespace pit

}  // namespace

ReferenceClock start_reference_clock(acpi::Machine const& machine) {
    if (machine.hpet)
        if (auto const clock = hpet::start(*machine.hpet))
            return *clock;
    if (machine.power && machine.power->pm_timer_port != 0) {
        pm_timer::port = static_cast<u16>(machine.power->pm_timer_port);
        return {"ACPI timer", pm_timer::hz, machine.power->pm_timer_32bit ? ~u32{0} : 0xffffffu,
                pm_timer::read};
    }
    return pit::start();
}

}  // namespace arch
