// SPDX-License-Identifier: MIT
// What the program does for the generator, for ever.
#pragma once
#include <memory>

#include "guest-pv/net/device.hpp"
#include "kernel/base/result.hpp"

namespace traffic {

// Both come back only with an error.
Result<> serve_datagrams(net::Device& device);
Result<> serve_streams(std::unique_ptr<net::Device> device);

}  // namespace traffic
