// SPDX-License-Identifier: MIT
// Checks of our own promises. They stay on in release builds; what a guest can
// cause is never one of these but an Errno or a crash of that domain.
#pragma once

#include "kernel/machine/console.hpp"

#define GRANITE_STR2(x) #x
#define GRANITE_STR(x) GRANITE_STR2(x)
#define ASSERT(cond)                                                                              \
    do {                                                                                          \
        if (!(cond)) [[unlikely]]                                                                 \
            machine::panic("assertion failed: " #cond " at " __FILE__ ":" GRANITE_STR(__LINE__)); \
    } while (false)
