// SPDX-License-Identifier: MIT
// Physical interrupts for the hardware domain, and for domains that were given
// PCI functions, of those. Device addresses and MSI messages are composed by
// the hypervisor alone (IO-5), so there is little to register: devices are read
// from configuration space when an interrupt is asked for.
#include "kernel/base/nospec.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/machine/irq.hpp"
#include "kernel/machine/vcpu.hpp"

namespace hypercall {
namespace {

Result<machine::Pirq> pirq_of(s64 n) {
    if (n < 0 || n >= machine::max_pirqs)
        return Fail{Errno::inval};
    return machine::Pirq{static_cast<u32>(nospec::index(static_cast<u64>(n), machine::max_pirqs))};
}

Answer set_iopl(Vcpu& v, GuestPtr<u8> arg) {
    auto const op = TRY(arg.as<physdev_set_iopl_t const>().fetch());
    if (op.iopl > 3)
        return Fail{Errno::inval};
    machine::vcpu_set_iopl(v, op.iopl);
    return 0;
}

Answer set_iobitmap(Vcpu& v, GuestPtr<u8> arg) {
    constexpr u32 all_ports = 65536;
    auto const op = TRY(arg.as<physdev_set_iobitmap_t const>().fetch());
    auto const at = reinterpret_cast<u64>(op.bitmap.p);
    if (op.nr_ports > all_ports || !mm::guest_range_ok(at, (op.nr_ports + 7) / 8))
        return Fail{Errno::inval};
    machine::vcpu_set_io_bitmap(v, Vaddr{at}, op.nr_ports);
    return 0;
}

// IO-6: one that was mapped for the caller.
Result<machine::Pirq> own_pirq(Vcpu const& v, s64 n) {
    auto const pirq = TRY(pirq_of(n));
    if (!machine::is_pirq_of(pirq, v.domain.id))
        return Fail{Errno::inval};
    return pirq;
}

Answer eoi(Vcpu& v, GuestPtr<u8> arg) {
    auto const op = TRY(arg.as<physdev_eoi_t const>().fetch());
    machine::eoi_pirq(TRY(own_pirq(v, op.irq)));
    return 0;
}

Answer irq_status_query(Vcpu& v, GuestPtr<u8> arg) {
    auto const where = arg.as<physdev_irq_status_query_t>();
    auto op = TRY(where.fetch());
    auto const pirq = TRY(own_pirq(v, op.irq));
    op.flags = machine::pirq_needs_eoi(pirq) ? XENIRQSTAT_needs_eoi : 0;
    TRY_VOID(where.store(op));
    return 0;
}

Result<machine::Pirq> map_msi(Domain& d, physdev_map_pirq_t const& op, u16 segment) {
    if (op.entry_nr < 0 || op.entry_nr > UINT16_MAX)
        return Fail{Errno::inval};
    machine::PciFunction const function{static_cast<u8>(op.bus), static_cast<u8>(op.devfn)};
    if (!d.priv.hardware && (segment != 0 || d.devices.find(function) == nullptr))
        return Fail{Errno::perm};
    return machine::map_msi({.segment = segment,
                             .bus = function.bus,
                             .devfn = function.devfn,
                             .entry = static_cast<u16>(op.entry_nr),
                             .table_base = op.table_base},
                            d.id);
}

// Lines are shared between functions, so they stay with the hardware domain.
Result<machine::Pirq> map_gsi(Domain& d, physdev_map_pirq_t const& op) {
    if (!d.priv.hardware)
        return Fail{Errno::perm};
    if (op.index < 0)
        return Fail{Errno::inval};
    return machine::map_gsi(static_cast<u32>(op.index), d.id);
}

Result<machine::Pirq> map(Domain& d, physdev_map_pirq_t const& op) {
    switch (op.type) {
        case MAP_PIRQ_TYPE_MSI:
            return map_msi(d, op, 0);
        case MAP_PIRQ_TYPE_MSI_SEG:
            return map_msi(d, op, static_cast<u16>(static_cast<u32>(op.bus) >> 16));
        case MAP_PIRQ_TYPE_GSI:
            return map_gsi(d, op);
        case MAP_PIRQ_TYPE_MULTI_MSI:
            return Fail{Errno::opnotsupp};
        default:
            return Fail{Errno::inval};
    }
}

// IO-6: only for oneself; no interrupt is handed to another domain.
bool is_self(Vcpu const& v, domid_t id) {
    return id == DOMID_SELF || DomId{id} == v.domain.id;
}

Answer map_pirq(Vcpu& v, GuestPtr<u8> arg) {
    auto const where = arg.as<physdev_map_pirq_t>();
    auto op = TRY(where.fetch());
    if (!is_self(v, op.domid))
        return Fail{Errno::perm};
    machine::Pirq const pirq = TRY(map(v.domain, op));
    op.pirq = static_cast<int>(pirq.raw());
    if (auto told = where.store(op); !told) {
        TRY_VOID(machine::unmap_pirq(pirq, v.domain.id));
        return Fail{told.error()};
    }
    return 0;
}

Answer unmap_pirq(Vcpu& v, GuestPtr<u8> arg) {
    auto const op = TRY(arg.as<physdev_unmap_pirq_t const>().fetch());
    if (!is_self(v, op.domid))
        return Fail{Errno::perm};
    TRY_VOID(machine::unmap_pirq(TRY(pirq_of(op.pirq)), v.domain.id));
    return 0;
}

// Trigger and polarity come from the firmware's tables, not from the caller.
Answer setup_gsi(GuestPtr<u8> arg) {
    auto const op = TRY(arg.as<physdev_setup_gsi_t const>().fetch());
    if (op.gsi < 0 || op.triggering > 1 || op.polarity > 1)
        return Fail{Errno::inval};
    return 0;
}

Answer hardware_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg) {
    switch (cmd) {
        case PHYSDEVOP_eoi:
            return eoi(v, arg);
        case PHYSDEVOP_irq_status_query:
            return irq_status_query(v, arg);
        case PHYSDEVOP_map_pirq:
            return map_pirq(v, arg);
        case PHYSDEVOP_unmap_pirq:
            return unmap_pirq(v, arg);
        case PHYSDEVOP_setup_gsi:
            return setup_gsi(arg);
        case PHYSDEVOP_pci_device_add:
        case PHYSDEVOP_pci_device_remove:
        case PHYSDEVOP_manage_pci_add:
        case PHYSDEVOP_manage_pci_remove:
        case PHYSDEVOP_manage_pci_add_ext:
        case PHYSDEVOP_pci_mmcfg_reserved:
        case PHYSDEVOP_prepare_msix:
        case PHYSDEVOP_release_msix:
            return 0;  // notices; nothing is kept of them
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace

Answer physdev_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg) {
    if (cmd == PHYSDEVOP_set_iopl)
        return set_iopl(v, arg);
    if (cmd == PHYSDEVOP_set_iobitmap)
        return set_iobitmap(v, arg);
    if (!v.domain.uses_devices())
        return Fail{Errno::perm};
    return hardware_op(v, cmd, arg);
}

}  // namespace hypercall
