// SPDX-License-Identifier: MIT
// Operations of granite_op that stand in files of their own. Who may call was
// checked before.
#pragma once

#include "kernel/hypercall/handlers.hpp"
#include "kernel/mm/guest_ptr.hpp"
#include "kernel/trace/event.hpp"

namespace hypercall {

// Two words of kernel/abi/mark.hpp; whether marks are wanted.
s64 note_mark(Vcpu& v, u64 a, u64 b);
// Begins or ends to record what a walk needs, beside what `trace on` asks for. nomem.
Answer record_for_walk(bool on);
// Events of all CPUs that are not older than `since`, the newest first; how many.
Answer read_events(u64 since, GuestPtr<trace::Record> into, u64 room);

}  // namespace hypercall
