// SPDX-License-Identifier: MIT
// PCI functions for other domains than the hardware domain. There is no IOMMU
// here: whoever drives a device that writes memory can write all of it, and is
// as trusted as the hardware domain. What this gives is a part that can fail,
// end and be started again by itself.
#include "kernel/domain/devices.hpp"
#include "kernel/hypercall/domctl.hpp"

namespace hypercall::manage {
namespace {

// Segment, bus and devfn as the ABI packs them.
Result<machine::PciFunction> function_of(xen_domctl_assign_device const& q) {
    if (q.dev != XEN_DOMCTL_DEV_PCI || (q.flags & ~u32{XEN_DOMCTL_DEV_RDM_RELAXED}) != 0)
        return Fail{Errno::inval};
    u32 const where = q.u.pci.machine_sbdf;
    if (where >> 16 != 0)
        return Fail{Errno::nodev};
    return machine::PciFunction{static_cast<u8>(where >> 8), static_cast<u8>(where)};
}

}  // namespace

// With its registers, its memory and its messages, until the domain's end.
Result<> assign_device(Request& r) {
    if (r.on_self() || r.target->dying())
        return Fail{Errno::inval};
    return domains::assign_function(*r.target, TRY(function_of(r.op.u.assign_device)));
}

Result<> test_assign_device(Request& r) {
    if (domains::is_assigned(TRY(function_of(r.op.u.assign_device))))
        return Fail{Errno::busy};
    return {};
}

}  // namespace hypercall::manage
