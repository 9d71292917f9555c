// SPDX-License-Identifier: MIT
// The hypervisor's own functions by address.
#pragma once

#include "kernel/base/symbols.hpp"

namespace arch {

Symbol find_symbol(u64 address);

}  // namespace arch
