// SPDX-License-Identifier: MIT
// The toolstack's part of the public ABI: domctl and sysctl. Their structures
// belong to the interface version of the installed header, and only to that.
#pragma once

#include <cstddef>

#include "kernel/abi/xen.hpp"

#ifndef __XEN_TOOLS__
#error "build with -D__XEN_TOOLS__"
#endif

#include <xen/domctl.h>
#include <xen/sysctl.h>

// What every version of the interface has promised so far.
static_assert(offsetof(xen_domctl, interface_version) == 4);
static_assert(offsetof(xen_domctl, domain) == 8);
static_assert(offsetof(xen_domctl, u) == 16);
static_assert(sizeof(xen_domctl) == 144);
static_assert(offsetof(xen_sysctl, u) == 8);
static_assert(sizeof(xen_sysctl) == 136);
