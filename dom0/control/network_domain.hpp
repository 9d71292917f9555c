// SPDX-License-Identifier: MIT
// The network as a domain apart, with the machine's network cards. It is made
// of a member of the boot archive, and made again when it ends.
#pragma once

#include "dom0/control/toolstack.hpp"

namespace control {

// From now on guests' interfaces are backed by it.
toolstack::Outcome<> start_network_domain(Toolstack& tools);

}  // namespace control
