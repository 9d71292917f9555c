// SPDX-License-Identifier: MIT
#include "dom0/control/driver_restart.hpp"

#include "dom0/control/outage.hpp"

namespace control {

toolstack::Outcome<Nanos> restart_and_wait(Toolstack& tools, DomId domain, std::string once) {
    auto outage = GET(Outage::begin(tools.store(), domain));
    DO(tools.restart_driver(domain, std::move(once)));
    return outage.wait();
}

}  // namespace control
