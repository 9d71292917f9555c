// SPDX-License-Identifier: MIT
// Ways of keeping the hypervisor busy. Each is one round on the vcpu that calls.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace storm {

using Kind = void (*)(u32 vcpu);

// Null: there is none of this name.
Kind kind_named(std::string_view name);

}  // namespace storm
