// SPDX-License-Identifier: MIT
// What the program does for the generator. Both come back only with an error.
#pragma once
#include "kernel/base/result.hpp"

namespace traffic {

Result<> serve_datagrams();
Result<> serve_streams();

}  // namespace traffic
