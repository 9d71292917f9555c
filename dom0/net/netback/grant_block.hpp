// SPDX-License-Identifier: MIT
// The hypervisor's answer to MapGranted.
#pragma once

#include "dom0/net/netback/static_grants.hpp"

namespace netback {

Result<std::shared_ptr<GrantBlock>> map_granted(DomId granter, std::span<GrantRef const> pages,
                                                bool writable);

}  // namespace netback
