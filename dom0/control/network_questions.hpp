// SPDX-License-Identifier: MIT
// Asks the network, in this domain or in its own.
#pragma once

#include "dom0/control/toolstack.hpp"
#include "dom0/net/question.hpp"

namespace control {

// dom0/net/answers.hpp has what can be asked. Failure: it did not answer in time.
toolstack::Outcome<std::string> ask_network(Toolstack& tools, net::Question const& question);

}  // namespace control
