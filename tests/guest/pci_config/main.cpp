// SPDX-License-Identifier: MIT
// IO-5: the hypervisor alone says which interrupts a device sends. What a
// driver writes to the registers that hold their address, data and masks is
// dropped, byte by byte; everything else of configuration space is its own.
#include "drivers/pci/enumerate.hpp"
#include "drivers/pci/function.hpp"
#include "drivers/pci/host.hpp"
#include "tests/guest/hypervisor.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using pci::Function;

// Registers of the two capabilities, but for the two bytes that chain them.
constexpr u8 chain_bytes = 2, msi_bytes = 24, msix_bytes = 12;

void check_capability(Function const& f, u8 at, u8 bytes) {
    for (u8 offset = at & ~3; offset < at + bytes; offset = static_cast<u8>(offset + 4)) {
        u32 const before = pci::host::read32(f.address(), offset);
        pci::host::write32(f.address(), offset, ~before);
        CHECK(pci::host::read32(f.address(), offset) == before);
    }
    for (u8 offset = at + chain_bytes; offset < at + bytes; offset = static_cast<u8>(offset + 2)) {
        u32 const before = pci::host::read32(f.address(), offset & ~3);
        pci::host::write16(f.address(), offset, 0xffff);
        CHECK(pci::host::read32(f.address(), offset & ~3) == before);
    }
}

void check_command(Function const& f) {
    bool const before = f.bus_master();
    f.set_bus_master(!before);
    CHECK(f.bus_master() == !before);
    f.set_bus_master(before);
}

}  // namespace

int main() {
    if (!is_granite())
        return verdict::skip("Xen lets its first domain write these registers");
    unsigned found = 0;
    for (Function const& f : pci::enumerate()) {
        auto const msi = f.find(pci::Capability::msi), msix = f.find(pci::Capability::msix);
        if (msi)
            check_capability(f, *msi, msi_bytes);
        if (msix)
            check_capability(f, *msix, msix_bytes);
        if (msi || msix) {
            check_command(f);
            ++found;
        }
    }
    if (found == 0)
        return verdict::skip("no device here sends messages");
    return verdict::finish();
}
