// SPDX-License-Identifier: MIT
// Port I/O of guests (CP-1, CP-2). Without hardware privilege a port reads as
// all ones and swallows what is written. The hardware domain reaches real
// ports, but not those the hypervisor keeps, and PCI configuration space only
// through a latch of its own.
#include "arch/cpu/io.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/platform/pci_config.hpp"
#include "arch/platform/ports.hpp"
#include "arch/pv/emulate.hpp"
#include "kernel/domain/domain.hpp"

namespace pv {
namespace {

constexpr u16 pci_address_port = 0xcf8;
constexpr u16 pci_data_port = 0xcfc;

constexpr u32 all_ones(unsigned bytes) {
    return bytes == 4 ? ~u32{0} : (u32{1} << bytes * 8) - 1;
}

// The hardware domain's 0xcf8: there is one such domain.
constinit std::atomic<u32> pci_latch{0};

bool is_pci(u16 port) {
    return port >= pci_address_port && port < pci_data_port + 4;
}

arch::PciAddress latched(u16 port) {
    u32 const a = pci_latch.load(std::memory_order_relaxed);
    return {static_cast<u8>(a >> 16), static_cast<u8>(a >> 8), static_cast<u16>((a & 0xfc) + (port & 3u))};
}
bool latch_enabled() {
    return pci_latch.load(std::memory_order_relaxed) >> 31 != 0;
}

u32 pci_in(u16 port, unsigned bytes) {
    if (port == pci_address_port && bytes == 4)
        return pci_latch.load(std::memory_order_relaxed);
    if (port < pci_data_port || !latch_enabled())
        return all_ones(bytes);
    return arch::pci_config_read(latched(port), bytes);
}

void pci_out(u16 port, unsigned bytes, u32 value) {
    if (port == pci_address_port && bytes == 4)
        pci_latch.store(value, std::memory_order_relaxed);
    else if (port >= pci_data_port && latch_enabled())
        arch::pci_config_write_guest(latched(port), bytes, value);
}

bool touches_ours(u16 port, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i)
        if (arch::port_is_ours(static_cast<u16>(port + i)))
            return true;
    return false;
}

}  // namespace

Result<u32> port_in(Vcpu& v, u16 port, unsigned bytes) {
    if (!v.domain.priv.hardware)
        return all_ones(bytes);
    if (is_pci(port))
        return pci_in(port, bytes);
    if (touches_ours(port, bytes))
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
    if (!v.domain.priv.hardware)
        return {};
    if (is_pci(port)) {
        pci_out(port, bytes, value);
        return {};
    }
    if (touches_ours(port, bytes))
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
