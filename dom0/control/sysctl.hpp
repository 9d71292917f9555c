// SPDX-License-Identifier: MIT
// What the hypervisor tells about the machine and itself.
#pragma once

#include <string>

#include "kernel/abi/control.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace control::sysctl {

using Machine = xen_sysctl_physinfo;
Result<Machine> machine();

// The hypervisor's own log, optionally emptied by reading it.
Result<std::string> log(bool clear);
Result<> debug_keys(std::string_view keys);
// The scheduler's number (XEN_SCHEDULER_*).
Result<u32> scheduler();
// What the credit scheduler applies to all domains.
using CreditRules = xen_sysctl_credit_schedule;
Result<CreditRules> credit_rules();

// A text about the hypervisor: XENVER_extraversion, _capabilities, ...
struct Version {
    unsigned major = 0;
    unsigned minor = 0;
    std::string extra;
    std::string capabilities;
    std::string changeset;
    std::string command_line;
    std::string compiler;
    u64 virt_start = 0;
};
Version version();

}  // namespace control::sysctl
