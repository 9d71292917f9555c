// SPDX-License-Identifier: MIT
// PCI Local Bus 3.0, 6.1 (the header) and 6.2.2 (the command register).
#include "arch/pv/assigned_config.hpp"

#include "arch/platform/pci_config.hpp"

namespace pv {
namespace {

constexpr u16 command = 0x04, header_rest = 0x08, first_bar = 0x10, capabilities = 0x40;
constexpr u16 bars_end = first_bar + sizeof(u32) * machine::bar_count;
constexpr u32 decode_ports = 1, decode_memory = 2;

arch::PciAddress place(AssignedFunction const& f, u16 at) {
    return {f.where().bus, f.where().devfn, at};
}

bool within_bars(u16 at) {
    return at >= first_bar && at < bars_end;
}

usize bar_at(u16 at) {
    return (at - first_bar) / sizeof(u32);
}

// A function that was reset has forgotten where its memory lies.
void restore_bars(AssignedFunction const& f) {
    for (usize n = 0; n < machine::bar_count; ++n)
        arch::pci_config_write(place(f, static_cast<u16>(first_bar + sizeof(u32) * n)), 4, f.real_bar(n));
}

void write_command(AssignedFunction const& f, u16 at, unsigned bytes, u32 value) {
    if (at == command) {
        u32 const now = arch::pci_config_read(place(f, command), 2);
        if ((value & decode_memory) != 0 && (now & decode_memory) == 0)
            restore_bars(f);
        value = (value & ~decode_ports) | (now & decode_ports);
    }
    arch::pci_config_write(place(f, at), bytes, value);
}

}  // namespace

u32 read_assigned(AssignedFunction const& f, u16 at, unsigned bytes) {
    if (!within_bars(at) || (at & 3u) + bytes > sizeof(u32))
        return arch::pci_config_read(place(f, at), bytes);
    u32 const word = f.read_bar(bar_at(at)) >> 8 * (at & 3u);
    return bytes == sizeof(u32) ? word : word & ((u32{1} << 8 * bytes) - 1);
}

void write_assigned(AssignedFunction& f, u16 at, unsigned bytes, u32 value) {
    if (at >= capabilities)
        return arch::pci_config_write_guest(place(f, at), bytes, value);
    if (at >= command && at < header_rest)
        return write_command(f, at, bytes, value);
    if (within_bars(at) && at % sizeof(u32) == 0 && bytes == sizeof(u32))
        f.write_bar(bar_at(at), value);
}

}  // namespace pv
