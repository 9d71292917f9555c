// SPDX-License-Identifier: MIT
#include "kernel/base/version.hpp"

#ifndef GRANITE_BUILD_ID
#define GRANITE_BUILD_ID "unknown"
#endif

namespace version {
namespace {
constinit std::string_view text;
}

std::string_view build_id() {
    return GRANITE_BUILD_ID;
}

std::string_view command_line() {
    return text;
}
void set_command_line(std::string_view t) {
    text = t;
}

}  // namespace version
