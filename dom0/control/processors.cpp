// SPDX-License-Identifier: MIT
#include "dom0/control/processors.hpp"

namespace control {

using toolstack::or_say;
using toolstack::Outcome;

// What the hypervisor does by itself is not asked for: other schedulers may
// know neither shares nor affinity.
Outcome<> give_processors(DomId id, toolstack::DomainConfig const& config) {
    domctl::Credit const credit{static_cast<u16>(config.weight), static_cast<u16>(config.cap)};
    if (credit != domctl::Credit{})
        DO(or_say(domctl::set_credit(id, credit), "cannot set its share of the processors"));
    for (u32 vcpu = 0; vcpu < config.maxvcpus(); ++vcpu) {
        auto const cpus = config.cpus_of(vcpu);
        if (cpus != toolstack::any_cpu)
            DO(or_say(domctl::set_affinity(id, VcpuId{vcpu}, {.hard = cpus}),
                      "cannot pin vcpu " + std::to_string(vcpu)));
    }
    return {};
}

}  // namespace control
