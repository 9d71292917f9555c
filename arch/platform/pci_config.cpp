// SPDX-License-Identifier: MIT
// PCI Local Bus 3.0: 3.2.2.3.2 (configuration mechanism), 6.7 (capability
// lists), 6.8 (MSI and MSI-X).
#include "arch/platform/pci_config.hpp"

#include "arch/cpu/io.hpp"
#include "kernel/sync/lock.hpp"

namespace arch {
namespace {

constexpr u16 address_port = 0xcf8, data_port = 0xcfc;

// Address and data form one transaction.
constinit TicketLock access;

class Transaction {
  public:
    explicit Transaction(PciAddress a) {
        access.acquire();
        out32(address_port, u32{1} << 31 | u32{a.bus} << 16 | u32{a.devfn} << 8 | (a.offset & 0xfcu));
    }
    ~Transaction() { access.release(); }
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;
};

bool one_dword(PciAddress a, unsigned bytes) {
    return a.offset < 256 && (a.offset & 3u) + bytes <= 4;
}

constexpr u16 status_register = 0x06, capabilities_pointer = 0x34;
constexpr u32 status_has_capabilities = 0x10;

// Registers of a capability that name address, data, mask or table.
constexpr u16 routing_bytes(u8 id) {
    switch (id) {
        case pci_cap::msi:
            return 24;  // control to pending bits, in its largest form
        case pci_cap::msix:
            return 12;
        default:
            return 0;
    }
}

bool within_routing(PciAddress a, unsigned bytes) {
    for (u8 const id : {pci_cap::msi, pci_cap::msix}) {
        u8 const cap = pci_find_capability(a.bus, a.devfn, id);
        // The first two bytes, id and next, are read-only anyway.
        if (cap != 0 && a.offset < cap + routing_bytes(id) && cap < a.offset + bytes)
            return true;
    }
    return false;
}

}  // namespace

u32 pci_config_read(PciAddress a, unsigned bytes) {
    if (!one_dword(a, bytes))
        return ~u32{0} >> (32 - 8 * bytes);
    u16 const port = static_cast<u16>(data_port + (a.offset & 3u));
    Transaction const t{a};
    switch (bytes) {
        case 1:
            return in8(port);
        case 2:
            return in16(port);
        default:
            return in32(port);
    }
}

void pci_config_write(PciAddress a, unsigned bytes, u32 value) {
    if (!one_dword(a, bytes))
        return;
    u16 const port = static_cast<u16>(data_port + (a.offset & 3u));
    Transaction const t{a};
    switch (bytes) {
        case 1:
            return out8(port, static_cast<u8>(value));
        case 2:
            return out16(port, static_cast<u16>(value));
        default:
            return out32(port, value);
    }
}

void pci_config_write_guest(PciAddress a, unsigned bytes, u32 value) {
    if (!within_routing(a, bytes))
        pci_config_write(a, bytes, value);
}

u8 pci_find_capability(u8 bus, u8 devfn, u8 id) {
    u32 const status = pci_config_read({bus, devfn, status_register}, 2);
    if (status == 0xffff || (status & status_has_capabilities) == 0)
        return 0;
    u32 at = pci_config_read({bus, devfn, capabilities_pointer}, 1) & 0xfc;
    // 48 capabilities fill the space: a longer list is a loop.
    for (unsigned i = 0; i < 48 && at >= 0x40; ++i) {
        u32 const head = pci_config_read({bus, devfn, static_cast<u16>(at)}, 2);
        if ((head & 0xff) == id)
            return static_cast<u8>(at);
        at = head >> 8 & 0xfc;
    }
    return 0;
}

}  // namespace arch
