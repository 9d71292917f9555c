// SPDX-License-Identifier: MIT
// The public ABI of the PV console: its ring page.
#pragma once

#include "kernel/abi/xen.hpp"

#include <xen/io/console.h>
