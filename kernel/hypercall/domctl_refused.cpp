// SPDX-License-Identifier: MIT
// Rights to devices stay with the hardware domain, and guests share the
// machine's one clock. Taking away what nobody was given succeeds.
#include "kernel/hypercall/domctl.hpp"

namespace hypercall::manage {
namespace {

bool grants_access(xen_domctl const& op) {
    switch (op.cmd) {
        case XEN_DOMCTL_irq_permission:
            return op.u.irq_permission.allow_access != 0;
        case XEN_DOMCTL_iomem_permission:
            return op.u.iomem_permission.allow_access != 0;
        default:
            return op.u.ioport_permission.allow_access != 0;
    }
}

}  // namespace

Result<> device_permission(Request& r) {
    if (grants_access(r.op))
        return Fail{Errno::opnotsupp};
    return {};
}

Result<> set_time_offset(Request& r) {
    if (r.op.u.settimeoffset.time_offset_seconds != 0)
        return Fail{Errno::opnotsupp};
    return {};
}

}  // namespace hypercall::manage
