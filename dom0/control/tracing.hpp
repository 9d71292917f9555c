// SPDX-License-Identifier: MIT
// While the hypervisor's trace wants marks, it gets them.
#pragma once

#include "guest-pv/rt/event.hpp"

namespace control {

class Tracing {
  public:
    // From now on, for as long as this object lives. Errno::nosys: another
    // hypervisor, which has no such trace.
    Result<> start();

  private:
    rt::EventChannel changed_;
};

}  // namespace control
