// SPDX-License-Identifier: MIT
// Checks of our own promises. They stay on in release builds; what a guest can
// cause is never one of these but an Errno or a crash of that domain.
//
// ASSERT is for what concerns all, counts and types of frames first: the machine
// stops. HOLDS is for the tables of one domain, where leaving a thing undone keeps
// the harm there (D11): false, and the guest that led here has ended when its call has.
#pragma once

#include "kernel/machine/console.hpp"

#define GRANITE_STR2(x) #x
#define GRANITE_STR(x) GRANITE_STR2(x)
#define ASSERT(cond)                                                                              \
    do {                                                                                          \
        if (!(cond)) [[unlikely]]                                                                 \
            machine::panic("assertion failed: " #cond " at " __FILE__ ":" GRANITE_STR(__LINE__)); \
    } while (false)
#define HOLDS(cond)                                                                                      \
    ((cond) ? true                                                                                       \
            : (machine::end_guest("assertion failed: " #cond " at " __FILE__ ":" GRANITE_STR(__LINE__)), \
               false))
