// SPDX-License-Identifier: MIT
// What a guest gets of the processors: its share, and where its vcpus may run.
#pragma once

#include "dom0/control/domctl.hpp"
#include "dom0/toolstack/domain_config.hpp"

namespace control {

// As its configuration says. Before it runs.
toolstack::Outcome<> give_processors(DomId id, toolstack::DomainConfig const& config);

}  // namespace control
