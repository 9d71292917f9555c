// SPDX-License-Identifier: MIT
// Errors on the wire of xenstore are names.
#pragma once

#include <string_view>

#include "kernel/base/result.hpp"

namespace rt::xenbus {

// `payload` may or may not end in a zero; an unknown name is Errno::inval.
Errno errno_of(std::string_view payload);

// What a server answers; an error that has no name on the wire is EINVAL.
std::string_view name_of(Errno error);

}  // namespace rt::xenbus
