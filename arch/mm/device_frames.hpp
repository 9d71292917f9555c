// SPDX-License-Identifier: MIT
// Which machine addresses outside RAM the hardware domain may map (PT-15).
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

enum class DeviceAccess : u8 { none, read_only, full };

// Keeps a range from the hardware domain: interrupt controllers and timers
// (none), what it may look at but only the hypervisor may change (read_only).
// Start-up and MSI-X set-up only; panics when there are too many ranges.
void restrict_device_frames(Maddr start, u64 bytes, DeviceAccess access);

// For a frame that is not RAM: full unless restricted; none beyond the width
// of the CPU's addresses.
DeviceAccess device_access(Mfn m);

}  // namespace arch
