// SPDX-License-Identifier: MIT
// Whether the monitor makes faults on purpose: boot option faults=on.
#pragma once

namespace monitor {

void allow_faults();
[[nodiscard]] bool faults_allowed();

}  // namespace monitor
