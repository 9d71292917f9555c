// SPDX-License-Identifier: MIT
// For how long the interfaces of a driver domain that has ended are not served,
// as their guests see it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dom0/toolstack/outcome.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace control {

class Outage {
  public:
    // The domain is about to end, or has just ended.
    static toolstack::Outcome<Outage> begin(rt::xenbus::Connection& store, DomId driver);
    // Waits until all that it served are served again; how long that took. Failure:
    // it does not come to that within seconds.
    toolstack::Outcome<Nanos> wait();

  private:
    Outage(rt::xenbus::Connection& store, Nanos begun) : store_{&store}, begun_{begun} {}

    rt::xenbus::Connection* store_;
    Nanos begun_;
    std::vector<std::string> marks_;  // nodes that are there when an interface is served
    std::unique_ptr<rt::xenbus::Watch> watch_;
};

}  // namespace control
