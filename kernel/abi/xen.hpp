// SPDX-License-Identifier: MIT
// The public Xen ABI, included once. Structures keep the names of the field;
// everything comes from the package libxen-dev, nothing is copied here.
#pragma once

#ifndef __XEN_INTERFACE_VERSION__
#error "build with -D__XEN_INTERFACE_VERSION__=0x00040e00"
#endif

#include <cstdint>  // the ABI headers bring no integers of their own

#include <xen/xen.h>

#include <xen/callback.h>
#include <xen/elfnote.h>
#include <xen/event_channel.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xen/nmi.h>
#include <xen/physdev.h>
#include <xen/platform.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>
