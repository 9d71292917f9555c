// SPDX-License-Identifier: MIT
// One function in configuration space: an Intel card with a memory BAR and MSI-X.
#include "tests/host/net/pci_space.hpp"

#include "drivers/pci/host.hpp"

namespace devices {

PciSpace& pci_space() {
    static PciSpace space;
    return space;
}

namespace {

PciSpace intel(u32 device) {
    PciSpace space;
    space.words[0x00] = device << 16 | 0x8086;
    space.words[0x04] = 0x0010'0000;  // has capabilities
    space.words[0x10] = 0xfe00'0000;
    space.words[0x34] = 0x70;
    space.words[0x70] = 0x0009'0011;  // MSI-X, ten vectors, last in the list
    return space;
}

}  // namespace

PciSpace PciSpace::with_igb() {
    return intel(0x10c9);
}

PciSpace PciSpace::with_e1000e() {
    return intel(0x10d3);
}

}  // namespace devices

namespace pci::host {

using devices::pci_space;

u32 read32(Address, u8 offset) {
    return pci_space().words[offset];
}

void write32(Address, u8 offset, u32 value) {
    constexpr u32 bar_mask = 0xfffe'0000;
    pci_space().words[offset] = offset == 0x10                   ? value & bar_mask
                                : offset > 0x10 && offset < 0x28 ? 0
                                                                 : value;
}

void write16(Address, u8 offset, u16 value) {
    u32& word = pci_space().words[offset & ~3];
    unsigned const shift = 8U * (offset & 2U);
    if (offset == 0x04 && pci_space().bus_master_sticks)
        value |= 4;
    word = (word & ~(u32{0xffff} << shift)) | u32{value} << shift;
}

Result<> announce(Address) {
    return {};
}

Result<io::Interrupt> connect_msix(Address, Maddr, u16 entry, io::InterruptHandler handler) {
    pci_space().interrupts[entry] = std::move(handler);
    return io::Interrupt{};
}

}  // namespace pci::host
