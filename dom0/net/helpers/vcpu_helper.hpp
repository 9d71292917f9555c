// SPDX-License-Identifier: MIT
// A further virtual CPU of the driver domain that does nothing but grant copies,
// so that they are made where it is made to run. It uses nothing of the kit that
// has state, and looks at nothing but its line of jobs.
#pragma once

#include <memory>

#include "dom0/net/helpers/helper.hpp"
#include "dom0/net/helpers/job_line.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace helpers {

// Runs from its start to the end of the domain.
class VcpuHelper final : public Helper {
  public:
    // Errno::noent: the domain has no such vcpu.
    static Result<std::shared_ptr<Helper>> start(VcpuId vcpu);

    [[nodiscard]] bool take(CopyJob& job) override;
    void wait_for(CopyJob const& job) override;

  private:
    VcpuHelper(EvtchnPort wake, rt::Pages stack) : wake_{wake}, stack_{std::move(stack)} {}

    [[noreturn]] static void entry(void* self);
    void work();
    void sleep() const;

    JobLine<CopyJob> jobs_;
    EvtchnPort wake_;  // its own, masked: it polls
    rt::Pages stack_;
};

}  // namespace helpers
