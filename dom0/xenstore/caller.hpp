// SPDX-License-Identifier: MIT
// On whose behalf a request is made.
#pragma once

#include "kernel/base/types.hpp"

namespace xenstore {

struct Caller {
    DomId domain{};
    bool privileged = false;  // the toolstack and the backends: every check passes
};

}  // namespace xenstore
