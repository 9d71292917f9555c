// SPDX-License-Identifier: MIT
#include "arch/platform/reference_clock.hpp"

#include "arch/cpu/io.hpp"
#include "arch/platform/hpet.hpp"

namespace arch {
namespace {

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
        if (auto const hz = hpet::start(*machine.hpet))
            return {"HPET", *hz, ~u32{0}, hpet::read};
    if (machine.power && machine.power->pm_timer_port != 0) {
        pm_timer::port = static_cast<u16>(machine.power->pm_timer_port);
        return {"ACPI timer", pm_timer::hz, machine.power->pm_timer_32bit ? ~u32{0} : 0xffffffu,
                pm_timer::read};
    }
    return pit::start();
}

}  // namespace arch
