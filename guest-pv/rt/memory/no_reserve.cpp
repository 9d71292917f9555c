// SPDX-License-Identifier: MIT
// Linked into programs that do not define this themselves.
#include "guest-pv/rt/memory/reserve.hpp"

usize const rt::reserve_bytes = 0;
