// SPDX-License-Identifier: MIT
// Requests about domains instead of nodes.
#pragma once

#include "dom0/xenstore/request.hpp"

namespace xenstore {

Result<std::string> introduce_domain(Request& request);
Result<std::string> release_domain(Request& request);
Result<std::string> is_introduced(Request& request);
Result<std::string> domain_path(Request& request);

}  // namespace xenstore
