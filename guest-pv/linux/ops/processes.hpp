// SPDX-License-Identifier: MIT
// Operations of processes, each reported under its own name.
#pragma once

namespace ops {

void null_syscall();
void signal_to_self();
void pipe_round_trip();  // two switches between processes
void fork_exit_wait();
void vfork_exec_exit_wait();  // of the program `ops-nothing`
void vfork_failed_exec();     // likewise, of a program that is not there

}  // namespace ops
