// SPDX-License-Identifier: MIT
// The operations of domctl, by topic. Each gets a private copy of the request;
// what it changes there goes back to the caller where the table in domctl.cpp
// says so. Nobody else runs a domctl at the same time.
#pragma once

#include "kernel/abi/control.hpp"
#include "kernel/domain/domain.hpp"

namespace hypercall::manage {

struct Request {
    Vcpu& caller;
    Domain* target;  // null only where the table says that there is none
    xen_domctl& op;

    [[nodiscard]] bool on_self() const { return target == &caller.domain; }
};

// Life (domctl_life.cpp).
Result<> create_domain(Request& r);
Result<> destroy_domain(Request& r);
Result<> pause_domain(Request& r);
Result<> unpause_domain(Request& r);
Result<> resume_domain(Request& r);

// Facts (domctl_info.cpp).
Result<> get_domain_info(Request& r);
Result<> set_handle(Request& r);
void fill_info(Domain& d, xen_domctl_getdomaininfo& info);

// Memory (domctl_memory.cpp).
Result<> set_max_mem(Request& r);
Result<> init_hypercall_page(Request& r);
Result<> get_page_frame_info(Request& r);
Result<> set_address_size(Request& r);
Result<> get_address_size(Request& r);

// Virtual CPUs (domctl_vcpu.cpp).
Result<> set_max_vcpus(Request& r);
Result<> set_vcpu_context(Request& r);
Result<> get_vcpu_context(Request& r);
Result<> get_vcpu_info(Request& r);
Result<> send_trigger(Request& r);

// Scheduling (domctl_sched.cpp).
Result<> set_affinity(Request& r);
Result<> get_affinity(Request& r);
Result<> scheduler_op(Request& r);

// Devices (domctl_devices.cpp).
Result<> assign_device(Request& r);
Result<> test_assign_device(Request& r);

// What there are no rights and no clocks for (domctl_refused.cpp).
Result<> device_permission(Request& r);
Result<> set_time_offset(Request& r);
Result<> set_tsc_mode(Request& r);

}  // namespace hypercall::manage
