// SPDX-License-Identifier: MIT
// Questions of the monitor about this domain's own memory.
#pragma once

#include "kernel/monitor/answer/arguments.hpp"
#include "kernel/monitor/answer/report.hpp"

namespace control {

// heap: what there is, and of the reserve.
void show_heap(monitor::Arguments const& args, monitor::Report& out);

// failheap [next|each|all|off]: who asked for memory, and whom to refuse it.
void plan_refusals(monitor::Arguments const& args, monitor::Report& out);

}  // namespace control
