// SPDX-License-Identifier: MIT
// This image's functions by address.
#pragma once

#include "kernel/base/symbols.hpp"

namespace rt {

Symbol find_symbol(u64 address);

}  // namespace rt
