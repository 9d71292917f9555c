// SPDX-License-Identifier: MIT
// Device memory no domain may map, the hardware domain included (PT-15).
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

// Start-up only.
void keep_frames(Maddr start, u64 bytes);

// Interrupt controllers, the message window, timers, configuration space.
[[nodiscard]] bool frame_is_ours(Mfn m);

}  // namespace arch
