// SPDX-License-Identifier: MIT
// Whether a buffer of a guest's may take more memory than it has. One that may
// not, loses what it has no room for, and counts it.
#pragma once

namespace console {

enum class Growth : bool { none, allowed };

}  // namespace console
