// SPDX-License-Identifier: MIT
// One function in configuration space: a card with a memory BAR and MSI-X.
#include "tests/host/net/pci_space.hpp"

#include "drivers/pci/host.hpp"
#include "tests/host/net/virtio_net.hpp"

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

// All in BAR 0, which both the vector table and the structures are in.
PciSpace PciSpace::with_virtio_net() {
    PciSpace space = intel(0);
    space.words[0x00] = 0x1041'1af4;
    space.words[0x34] = 0x40;
    auto const structure = [&](u8 at, u8 next, u8 type, u32 offset, u32 bytes) {
        space.words[at] = u32{type} << 24 | u32{16} << 16 | u32{next} << 8 | 0x09;
        space.words[at + 8] = offset;
        space.words[at + 12] = bytes;
    };
    structure(0x40, 0x50, 1, 0, 0x38);
    structure(0x50, 0x64, 2, VirtioNet::notify_at, 0x40);
    space.words[0x60] = VirtioNet::notify_multiplier;
    structure(0x64, 0x78, 4, VirtioNet::config_at, 12);
    space.words[0x78] = 0x0002'0011;
    return space;
}

PciSpace PciSpace::with_igb() {
    return intel(0x10c9);
}

PciSpace PciSpace::with_emulated_igb() {
    auto space = with_igb();
    space.words[0x2c] = 0x1100'1af4;
    return space;
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
