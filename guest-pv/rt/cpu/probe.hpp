// SPDX-License-Identifier: MIT
// The exception side of try_read and try_write.
#pragma once

#include "guest-pv/rt/cpu/exception.hpp"

namespace rt {

// True when the fault was a probe's, which then goes on to report failure.
bool resume_probe(Registers& registers);

}  // namespace rt
