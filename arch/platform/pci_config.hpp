// SPDX-License-Identifier: MIT
// PCI configuration space by ports 0xcf8 and 0xcfc: the first 256 bytes of each
// function of segment 0. Larger offsets go by memory, where ACPI names it.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

struct PciAddress {
    u8 bus;
    u8 devfn;
    u16 offset;  // of the first byte
};

// `bytes` is 1, 2 or 4 and the access must not cross a dword; all ones where
// nothing answers.
u32 pci_config_read(PciAddress a, unsigned bytes);
void pci_config_write(PciAddress a, unsigned bytes, u32 value);

// A write by the hardware domain. IO-5: the registers of MSI and MSI-X that say
// where an interrupt goes are the hypervisor's; writes to them are dropped.
void pci_config_write_guest(PciAddress a, unsigned bytes, u32 value);

// Offset of a capability, 0 when the function has none such.
u8 pci_find_capability(u8 bus, u8 devfn, u8 id);

namespace pci_cap {
inline constexpr u8 msi = 0x05, msix = 0x11;
}

}  // namespace arch
