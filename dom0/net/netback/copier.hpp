// SPDX-License-Identifier: MIT
// Copying between our pages and granted ones, a batch at a time. The seam
// behind which the hypercall is.
#pragma once

#include <span>

#include "dom0/net/netback/abi.hpp"
#include "kernel/base/result.hpp"

namespace netback {

// Each element carries its own status; an error means none was done.
using CopyGranted = Result<> (*)(std::span<gnttab_copy_t>);

// Who is on the other side, and how its pages are reached.
struct Peer {
    DomId domain{};
    CopyGranted copy = nullptr;
};

}  // namespace netback
