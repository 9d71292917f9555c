// SPDX-License-Identifier: MIT
// Configuration space by ports 0xcf8 and 0xcfc (PCI Local Bus 3.0, 3.2.2.3.2),
// which the hypervisor lets its initial domain use once it has I/O privilege.
#include "drivers/pci/host.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "kernel/base/log.hpp"

namespace pci::host {

namespace {

constexpr u16 address_port = 0xcf8;
constexpr u16 data_port = 0xcfc;
constexpr u32 enable = u32{1} << 31;

void out16(u16 port, u16 value) {
    asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

void out32(u16 port, u32 value) {
    asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

u32 in32(u16 port) {
    u32 value = 0;
    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

bool may_use_ports() {
    static bool const allowed = [] {
        physdev_set_iopl_t wanted{.iopl = 1};
        bool const granted = rt::hypercall::physdev_op(PHYSDEVOP_set_iopl, wanted).has_value();
        if (!granted)
            log("pci: this domain may not use ports, so there are no devices");
        return granted;
    }();
    return allowed;
}

void select(Address at, u8 offset) {
    out32(address_port, enable | u32{at.bus} << 16 | u32{at.devfn()} << 8 | (offset & ~u32{3}));
}

}  // namespace

u32 read32(Address at, u8 offset) {
    if (!may_use_ports())
        return ~u32{0};
    select(at, offset);
    return in32(data_port);
}

void write16(Address at, u8 offset, u16 value) {
    if (!may_use_ports())
        return;
    select(at, offset);
    out16(static_cast<u16>(data_port + (offset & 2)), value);
}

void write32(Address at, u8 offset, u32 value) {
    if (!may_use_ports())
        return;
    select(at, offset);
    out32(data_port, value);
}

}  // namespace pci::host
