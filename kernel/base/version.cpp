// SPDX-License-Identifier: MIT
#include "kernel/base/version.hpp"

namespace version {
namespace {
constinit std::string_view text;
}

std::string_view command_line() {
    return text;
}
void set_command_line(std::string_view t) {
    text = t;
}

}  // namespace version
