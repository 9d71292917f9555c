// SPDX-License-Identifier: MIT
// What Linux's own services cost, printed as `ops NAME VALUE`, then `ops done`.
// A benchmark of the machine and hypervisor below, in the manner of lmbench.
#include <cstdio>

#include "guest-pv/linux/ops/memory.hpp"
#include "guest-pv/linux/ops/processes.hpp"

int main() {
    setvbuf(stdout, nullptr, _IOLBF, 0);
    ops::null_syscall();
    ops::page_fault();
    ops::mprotect_pages();
    ops::munmap_page();
    ops::map_touch_unmap();
    ops::signal_to_self();
    ops::pipe_round_trip();
    ops::fork_exit_wait();
    ops::vfork_exec_exit_wait();
    ops::vfork_failed_exec();
    std::puts("ops done");
}
