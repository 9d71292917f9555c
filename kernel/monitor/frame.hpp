// SPDX-License-Identifier: MIT
// All that is known of one frame, for `frames MFN` and where the audit found a
// difference.
#pragma once

#include "kernel/base/types.hpp"
#include "kernel/monitor/answer/report.hpp"
#include "kernel/monitor/task.hpp"

namespace monitor {

// Owner, type and counts, and everybody who refers to it.
Task show_frame(Mfn frame, Report& out);

}  // namespace monitor
