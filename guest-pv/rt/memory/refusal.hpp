// SPDX-License-Identifier: MIT
// Memory refused on purpose, to see what becomes of a guest and of those that
// need it (LC-3). With `refuse=N` on its command line, the N-th place in its
// code that asks for memory is refused the first time; all others are served.
#pragma once

#include "kernel/base/types.hpp"

namespace rt {

// Whether what asks for memory is to be refused: `caller` is where the call of
// the allocator returns to. One that is, is told of on the console.
bool is_refused(void const* caller);

}  // namespace rt
