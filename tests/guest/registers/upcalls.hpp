// SPDX-License-Identifier: MIT
// An upcall of the test's own in place of the kit's, as long as one is needed.
#pragma once

#include "guest-pv/rt/time.hpp"
#include "kernel/base/types.hpp"

namespace upcall {

// While it lives, events are noted by note_upcall.
class Noted {
  public:
    Noted();
    ~Noted();
    Noted(Noted const&) = delete;
    Noted& operator=(Noted const&) = delete;
};

// Before events are let in, and after: the kit sees what came meanwhile.
void begin();
void end();

// Spins with events let in, and all registers filled, until a timer of that period ends it.
// False: the upcall came before the registers were filled.
bool interrupted(Nanos period);

}  // namespace upcall

void check_upcalls();
