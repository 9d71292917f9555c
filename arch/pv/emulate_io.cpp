// SPDX-License-Identifier: MIT
// Port I/O of guests (CP-1, CP-2). Without hardware privilege a port reads as
// all ones and swallows what is written. The hardware domain reaches real
// ports, but not those the hypervisor keeps. PCI configuration space is reached
// through a latch of each domain's own: all of it by the hardware domain, the
// functions that it was given by another.
#include "arch/cpu/io.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/platform/pci_config.hpp"
#include "arch/platform/ports.hpp"
#include "arch/pv/assigned_config.hpp"
#include "arch/pv/emulate.hpp"
#include "kernel/domain/domain.hpp"

namespace pv {
namespace {

constexpr u16 pci_address_port = 0xcf8;
constexpr u16 pci_data_port = 0xcfc;

constexpr u32 all_ones(unsigned bytes) {
    return bytes == 4 ? ~u32{0} : (u32{1} << bytes * 8) - 1;
}

bool is_pci(u16 port) {
    return port >= pci_address_port && port < pci_data_port + 4;
}

arch::PciAddress latched(u32 latch, u16 port) {
    return {static_cast<u8>(latch >> 16), static_cast<u8>(latch >> 8),
            static_cast<u16>((latch & 0xfc) + (port & 3u))};
}

bool is_enabled(u32 latch) {
    return latch >> 31 != 0;
}

u32 config_read(Domain& d, arch::PciAddress at, unsigned bytes) {
    if (d.priv.hardware)
        return arch::pci_config_read(at, bytes);
    AssignedFunction const* const f = d.devices.find({at.bus, at.devfn});
    return f ? read_assigned(*f, at.offset, bytes) : all_ones(bytes);
}

void config_write(Domain& d, arch::PciAddress at, unsigned bytes, u32 value) {
    if (d.priv.hardware)
        arch::pci_config_write_guest(at, bytes, value);
    else if (AssignedFunction* const f = d.devices.find({at.bus, at.devfn}))
        write_assigned(*f, at.offset, bytes, value);
}

u32 pci_in(Domain& d, u16 port, unsigned bytes) {
    u32 const latch = d.devices.config_address.load(std::memory_order_relaxed);
    if (port == pci_address_port && bytes == 4)
        return latch;
    if (port < pci_data_port || !is_enabled(latch))
        return all_ones(bytes);
    return config_read(d, latched(latch, port), bytes);
}

void pci_out(Domain& d, u16 port, unsigned bytes, u32 value) {
    u32 const latch = d.devices.config_address.load(std::memory_order_relaxed);
    if (port == pci_address_port && bytes == 4)
        d.devices.config_address.store(value, std::memory_order_relaxed);
    else if (port >= pci_data_port && is_enabled(latch))
        config_write(d, latched(latch, port), bytes, value);
}

bool touches_ours(u16 port, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i)
        if (arch::port_is_ours(static_cast<u16>(port + i)))
            return true;
    return false;
}

}  // namespace

Result<u32> port_in(Vcpu& v, u16 port, unsigned bytes) {
    if (is_pci(port) && v.domain.uses_devices())
        return pci_in(v.domain, port, bytes);
    if (!v.domain.priv.hardware || touches_ours(port, bytes))
        return all_ones(bytes);
    switch (bytes) {
        case 1:
            return arch::in8(port);
        case 2:
            return arch::in16(port);
        default:
            return arch::in32(port);
    }
}

Result<> port_out(Vcpu& v, u16 port, unsigned bytes, u32 value) {
    if (is_pci(port) && v.domain.uses_devices()) {
        pci_out(v.domain, port, bytes, value);
        return {};
    }
    if (!v.domain.priv.hardware || touches_ours(port, bytes))
        return {};
    switch (bytes) {
        case 1:
            arch::out8(port, static_cast<u8>(value));
            break;
        case 2:
            arch::out16(port, static_cast<u16>(value));
            break;
        default:
            arch::out32(port, value);
    }
    return {};
}

}  // namespace pv
