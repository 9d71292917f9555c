// SPDX-License-Identifier: MIT
// Who may run at all. Pauses nest: each pause needs its own unpause (SC-4).
#include "kernel/domain/lifecycle.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/sched/sched.hpp"

namespace domains {

void settle(Domain& d) {
    for (Vcpu* const v : d.all_vcpus()) {
        sched::refresh(*v);
        if (v != machine::current())
            sched::wait_until_off_cpu(*v);
    }
}

void pause(Domain& d) {
    d.pause_count.fetch_add(1);
    settle(d);
}

Result<> unpause(Domain& d) {
    u32 count = d.pause_count.load();
    do {
        if (count == 0)
            return Fail{Errno::inval};
    } while (!d.pause_count.compare_exchange_weak(count, count - 1));
    if (count == 1)
        for (Vcpu* const v : d.all_vcpus())
            sched::refresh(*v);
    return {};
}

}  // namespace domains
