// SPDX-License-Identifier: MIT
// The address space in which another processor turns on paging: all of the
// hypervisor, and the start-up code where it was loaded, read-only.
#pragma once

namespace boot {

// Reuses the tables of start.S, which are below 4 GiB. After init_paging().
void map_start_code();
void unmap_start_code();

}  // namespace boot
