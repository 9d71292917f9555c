// SPDX-License-Identifier: MIT
// What the traffic program does for the generator, each for ever and each in a
// process of its own; see guest-pv/traffic/protocol.hpp.
#pragma once

namespace roles {

[[noreturn]] void sink();
[[noreturn]] void echo();
[[noreturn]] void source();
[[noreturn]] void stream_sink();
[[noreturn]] void stream_source();

}  // namespace roles
