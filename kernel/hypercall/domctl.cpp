// SPDX-License-Identifier: MIT
// The management of domains, for domains with the control privilege (the
// dispatcher has seen to that, HC-7).
#include "kernel/hypercall/domctl.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {
namespace {

using manage::Request;

struct Row {
    u32 cmd;
    Result<> (*run)(Request&);
    bool names_domain = true;  // xen_manage::domain must be one
    bool answers = false;      // the request goes back to the caller
};

// Sorted by number. What is not here is not supported: ENOSYS.
constexpr std::array table{
    Row{XEN_DOMCTL_createdomain, manage::create_domain, false, true},
    Row{XEN_DOMCTL_destroydomain, manage::destroy_domain},
    Row{XEN_DOMCTL_pausedomain, manage::pause_domain},
    Row{XEN_DOMCTL_unpausedomain, manage::unpause_domain},
    Row{XEN_DOMCTL_getdomaininfo, manage::get_domain_info, false, true},
    Row{XEN_DOMCTL_setvcpuaffinity, manage::set_affinity, true, true},
    Row{XEN_DOMCTL_max_mem, manage::set_max_mem},
    Row{XEN_DOMCTL_setvcpucontext, manage::set_vcpu_context},
    Row{XEN_DOMCTL_getvcpucontext, manage::get_vcpu_context},
    Row{XEN_DOMCTL_getvcpuinfo, manage::get_vcpu_info, true, true},
    Row{XEN_DOMCTL_max_vcpus, manage::set_max_vcpus},
    Row{XEN_DOMCTL_scheduler_op, manage::scheduler_op, true, true},
    Row{XEN_DOMCTL_setdomainhandle, manage::set_handle},
    Row{XEN_DOMCTL_irq_permission, manage::device_permission},
    Row{XEN_DOMCTL_iomem_permission, manage::device_permission},
    Row{XEN_DOMCTL_ioport_permission, manage::device_permission},
    Row{XEN_DOMCTL_hypercall_init, manage::init_hypercall_page},
    Row{XEN_DOMCTL_settimeoffset, manage::set_time_offset},
    Row{XEN_DOMCTL_getvcpuaffinity, manage::get_affinity, true, true},
    Row{XEN_DOMCTL_resumedomain, manage::resume_domain},
    Row{XEN_DOMCTL_sendtrigger, manage::send_trigger},
    Row{XEN_DOMCTL_set_address_size, manage::set_address_size},
    Row{XEN_DOMCTL_get_address_size, manage::get_address_size, true, true},
    Row{XEN_DOMCTL_assign_device, manage::assign_device},
    Row{XEN_DOMCTL_test_assign_device, manage::test_assign_device, false},
    Row{XEN_DOMCTL_settscinfo, manage::set_tsc_mode},
    Row{XEN_DOMCTL_getpageframeinfo3, manage::get_page_frame_info},
};
static_assert(std::is_sorted(table.begin(), table.end(),
                             [](Row const& a, Row const& b) { return a.cmd < b.cmd; }));

// One domctl at a time. Not a lock: long operations open the interrupt window,
// so whoever finds it taken comes back later.
class Turn {
    static constinit inline std::atomic<bool> taken_{false};
    bool mine_;

  public:
    Turn() : mine_{!taken_.exchange(true)} {}
    Turn(Turn const&) = delete;
    Turn& operator=(Turn const&) = delete;
    ~Turn() {
        if (mine_)
            taken_ = false;
    }
    explicit operator bool() const { return mine_; }
};

Result<> run(Vcpu& caller, Row const& row, xen_domctl& op) {
    DomainRef target;
    if (row.names_domain)
        target = TRY(domains::resolve(caller.domain, DomId{op.domain}));
    Request request{caller, target ? &*target : nullptr, op};
    return row.run(request);
}

}  // namespace

Answer domctl(Vcpu& v, GuestPtr<u8> arg) {
    auto const where = arg.as<xen_domctl>();
    auto op = TRY(where.fetch());
    if (op.interface_version != XEN_DOMCTL_INTERFACE_VERSION)
        return Fail{Errno::access};
    auto const* const row =
        std::find_if(table.begin(), table.end(), [&](Row const& r) { return r.cmd == op.cmd; });
    if (row == table.end())
        return Fail{Errno::nosys};
    Turn const turn;
    if (!turn)
        return Fail{Errno::restart};
    TRY_VOID(run(v, *row, op));
    // What this call ended, or an earlier one whose frames others still used.
    domains::reap();
    if (row->answers)
        TRY_VOID(where.store(op));
    return 0;
}

}  // namespace hypercall
