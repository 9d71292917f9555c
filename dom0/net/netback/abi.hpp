// SPDX-License-Identifier: MIT
// The public network ring protocol, included once.
#pragma once

#include <cstdint>

// netif.h brings ring.h, whose macros use casts of C.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include <xen/xen.h>
#include <xen/grant_table.h>
#include <xen/io/netif.h>
#pragma GCC diagnostic pop
