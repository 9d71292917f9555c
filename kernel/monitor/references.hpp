// SPDX-License-Identifier: MIT
// Everything that refers to one frame, each in a row.
#pragma once

#include "kernel/mm/page.hpp"
#include "kernel/monitor/answer/report.hpp"
#include "kernel/monitor/task.hpp"

namespace monitor {

Task show_references(PageInfo const& page, Report& out);

}  // namespace monitor
