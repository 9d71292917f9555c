// SPDX-License-Identifier: MIT
// Rights to single lines, ports and frames stay with the hardware domain (whole
// functions can be given away), and guests share the machine's one clock. Taking away what nobody was given
// succeeds.
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

// Guests read the machine's own time-stamp counter in every mode that allows it.
Result<> set_tsc_mode(Request& r) {
    constexpr u32 as_the_machine_has_it = 0;
    constexpr u32 never_emulated = 2;
    auto const mode = r.op.u.tsc_info.tsc_mode;
    if (mode != as_the_machine_has_it && mode != never_emulated)
        return Fail{Errno::opnotsupp};
    return {};
}

}  // namespace hypercall::manage
