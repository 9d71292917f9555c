// SPDX-License-Identifier: MIT
// The steps of coming up, called once and in this order by start.cpp; each is
// defined beside what it starts.
#pragma once

#include "kernel/abi/xen.hpp"

namespace rt::stage {

void adopt_start_info(start_info_t* info);
void take_exceptions();
void map_shared_info();
void map_all_memory();
void set_memory_aside();
void start_scheduler();
void start_events();
void open_console();
void watch_for_shutdown();

}  // namespace rt::stage
