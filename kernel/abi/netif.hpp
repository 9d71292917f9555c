// SPDX-License-Identifier: MIT
// The public ABI of network devices: requests, responses, their flags. The
// rings around them are templates of ours: the header's macros trust indices.
#pragma once

#include "kernel/abi/xen.hpp"

#include <xen/io/netif.h>
