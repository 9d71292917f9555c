// SPDX-License-Identifier: MIT
// Which machine addresses outside RAM the hardware domain may map (PT-15).
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

enum class DeviceAccess : u8 { none, read_only, full };

// Keeps a range from the hardware domain, from its next mapping on. False: too
// many ranges.
[[nodiscard]] bool restrict_device_frames(Maddr start, u64 bytes, DeviceAccess access);

// For a frame that is not RAM: full unless restricted; none beyond the width
// of the CPU's addresses.
DeviceAccess device_access(Mfn m);

}  // namespace arch
