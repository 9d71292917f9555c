// SPDX-License-Identifier: MIT
// Names for domains that no other domain of this machine ever had.
#pragma once

#include <string>

#include "dom0/control/domctl.hpp"

namespace control {

domctl::Uuid new_uuid(std::string_view name);
std::string to_string(domctl::Uuid const& uuid);

}  // namespace control
