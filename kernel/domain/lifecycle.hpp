// SPDX-License-Identifier: MIT
// Birth, pause, crash and end of domains.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// A new, empty, paused domain (pause_count 1). exist / nomem / inval.
Result<DomainRef> create(DomId id, Privileges priv, u32 vcpu_limit, u32 grant_frames, u32 maptrack_frames);

void pause(Domain& d);    // waits until none of its vcpus runs elsewhere
void unpause(Domain& d);  // inval when it was not paused

// Ends the guest: SCHEDOP_shutdown, or crash(). Its vcpus never run again,
// VIRQ_DOM_EXC tells the toolstack, the console says so.
void shutdown(Domain& d, u32 reason);
// The guest did what cannot be answered: logs why with the current guest
// registers and ends it with SHUTDOWN_crash. The caller returns to the guest
// as usual; the scheduler takes it off this CPU.
void crash(Domain& d, std::string_view why);

// One bounded step of teardown; restart until done. Idempotent (LC-1).
Result<> destroy(Domain& d);

}  // namespace domains
