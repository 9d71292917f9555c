// SPDX-License-Identifier: MIT
// A driver domain ended and started anew, seen from its guests.
#pragma once

#include "dom0/control/toolstack.hpp"

namespace control {

// How long the interfaces that it backs were not served. Failure: it is no
// driver domain, cannot be started, or does not come back within seconds. `once`:
// as in Toolstack::restart_driver.
toolstack::Outcome<Nanos> restart_and_wait(Toolstack& tools, DomId domain, std::string once);

}  // namespace control
