// SPDX-License-Identifier: MIT
// Birth, pause, crash and end of domains.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// A new, empty, paused domain (pause_count 1). exist / nomem / inval.
Result<DomainRef> create(DomId id, Privileges priv, u32 vcpu_limit, u32 grant_frames, u32 maptrack_frames);

void pause(Domain& d);        // waits until none of its vcpus runs elsewhere
Result<> unpause(Domain& d);  // inval when it was not paused

// Ends the guest: SCHEDOP_shutdown, or crash(). Its vcpus never run again,
// VIRQ_DOM_EXC tells the toolstack, the console says so. The end of the initial
// domain is the end of the machine.
void shutdown(Domain& d, u32 reason);
// "poweroff", "crash"... for SHUTDOWN_*.
std::string_view shutdown_name(u32 reason);
// A guest that suspended, and whose suspension was cancelled, runs on.
Result<> resume(Domain& d);
// When the initial domain asks for a reboot, stop instead.
void forbid_reboot();
// The guest did what cannot be answered: logs why with the current guest
// registers and ends it with SHUTDOWN_crash. The caller returns to the guest
// as usual; the scheduler takes it off this CPU.
void crash(Domain& d, std::string_view why);

// One bounded step of teardown; restart until done. Idempotent (LC-1).
Result<> destroy(Domain& d);

}  // namespace domains
