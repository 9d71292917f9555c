// SPDX-License-Identifier: MIT
// Starting every processor but the first one (Intel SDM volume 3, 8.4).
#pragma once

#include <span>

#include "kernel/init/boot_info.hpp"

namespace boot {

// One after the other. A processor that does not start, or whose clock cannot
// be brought into step, is named and left out. All that start wait for work
// when this returns.
void start_other_cpus(std::span<u32 const> apic_ids, BootInfo const& info);

}  // namespace boot
