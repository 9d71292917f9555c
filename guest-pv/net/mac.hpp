// SPDX-License-Identifier: MIT
// Ethernet addresses as xenstore has them: 00:16:3e:01:02:03.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "kernel/base/types.hpp"

namespace net {

using Mac = std::array<u8, 6>;

std::optional<Mac> parse_mac(std::string_view text);

}  // namespace net
