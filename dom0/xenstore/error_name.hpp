// SPDX-License-Identifier: MIT
// Errors travel as their names.
#pragma once

#include <string_view>

#include "kernel/base/result.hpp"

namespace xenstore {

std::string_view name_of(Errno error);

}  // namespace xenstore
