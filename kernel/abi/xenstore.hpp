// SPDX-License-Identifier: MIT
// The public ABI of xenstore: wire format, ring page, device states.
#pragma once

#include "kernel/abi/xen.hpp"

#include <xen/io/xenbus.h>
#include <xen/io/xs_wire.h>
