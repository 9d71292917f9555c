// SPDX-License-Identifier: MIT
// Configuration space of a function as the domain that was given it sees it.
// `at` lies in the function's first 256 bytes.
#pragma once

#include "kernel/domain/assigned_function.hpp"

namespace pv {

u32 read_assigned(AssignedFunction const& f, u16 at, unsigned bytes);
// What the domain has no business to change is dropped: identity, where its
// memory lies, decoding of ports, where interrupts go.
void write_assigned(AssignedFunction& f, u16 at, unsigned bytes, u32 value);

}  // namespace pv
