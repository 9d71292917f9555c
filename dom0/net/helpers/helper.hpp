// SPDX-License-Identifier: MIT
// Somebody who makes copies in place of the thread that needs them.
#pragma once

#include "dom0/net/helpers/copy_job.hpp"

namespace helpers {

class Helper {
  public:
    virtual ~Helper() = default;

    // False: it has as many as it can remember.
    [[nodiscard]] virtual bool take(CopyJob& job) = 0;
    // Lets it go on until the job, which it has taken, is done.
    virtual void wait_for(CopyJob const& job) = 0;
};

}  // namespace helpers
