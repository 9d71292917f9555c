// SPDX-License-Identifier: MIT
// Network interfaces that come and go while their guest runs.
#pragma once

#include "dom0/control/toolstack.hpp"

namespace control {

// The new interface has the first number that is free.
toolstack::Outcome<> attach_vif(Toolstack& tools, DomId guest, toolstack::VifSpec vif);

// Waits until the guest has let go of it. Failure when it did not in time: it
// may still do so, and can be asked again.
toolstack::Outcome<> detach_vif(Toolstack& tools, DomId guest, u32 handle);

}  // namespace control
