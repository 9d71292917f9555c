// SPDX-License-Identifier: MIT
// What is to be done to a PCI function that changes hands (PCI Local Bus 3.0,
// 6.1, 6.2.2 and 6.2.5.1).
#include "arch/platform/pci_config.hpp"
#include "kernel/machine/pci.hpp"

namespace machine {
namespace {

using arch::PciAddress;

constexpr u16 vendor_register = 0x00, command_register = 0x04, header_register = 0x0e, first_bar = 0x10;
constexpr u32 no_vendor = 0xffff, layout_mask = 0x7f, plain_layout = 0;
constexpr u32 decode_memory_and_ports = 3, bus_master = 4;

PciAddress at(PciFunction f, u16 offset) {
    return {f.bus, f.devfn, offset};
}

u16 bar_offset(usize n) {
    return static_cast<u16>(first_bar + sizeof(u32) * n);
}

u32 read_command(PciFunction f) {
    return arch::pci_config_read(at(f, command_register), 2);
}

void write_command(PciFunction f, u32 value) {
    arch::pci_config_write(at(f, command_register), 2, value);
}

}  // namespace

Result<BarWords> examine_function(PciFunction f) {
    if (arch::pci_config_read(at(f, vendor_register), 2) == no_vendor)
        return Fail{Errno::nodev};
    if ((arch::pci_config_read(at(f, header_register), 1) & layout_mask) != plain_layout)
        return Fail{Errno::inval};
    u32 const command = read_command(f);
    write_command(f, command & ~decode_memory_and_ports);
    BarWords words;
    for (usize n = 0; n < bar_count; ++n) {
        PciAddress const bar = at(f, bar_offset(n));
        words.value[n] = arch::pci_config_read(bar, 4);
        arch::pci_config_write(bar, 4, ~u32{0});
        words.sized[n] = arch::pci_config_read(bar, 4);
        arch::pci_config_write(bar, 4, words.value[n]);
    }
    write_command(f, command);
    return words;
}

// The read that follows returns only when writes of the function that were
// under way have arrived (PCI 3.0, 3.2.5: reads push posted writes).
void silence_function(PciFunction f) {
    write_command(f, read_command(f) & ~bus_master);
    static_cast<void>(read_command(f));
}

}  // namespace machine
