// SPDX-License-Identifier: MIT
// How much memory a guest is to use and how much it may: the guest's balloon
// driver does the work, the hypervisor holds it to it.
#pragma once

#include "dom0/control/toolstack.hpp"

namespace control {

// Of what xenstore says about the domain, in KiB. Failure: it has no balloon.
toolstack::Outcome<u64> memory_target(rt::xenbus::Connection& store, DomId domain);
toolstack::Outcome<u64> memory_limit(rt::xenbus::Connection& store, DomId domain);

// Asks the guest; what it gives back, it cannot take again by itself.
toolstack::Outcome<> set_memory_target(rt::xenbus::Connection& store, DomId domain, u64 kib);
// Up to here targets may be set. The guest's memory map stays as it is, so that
// it cannot use more than it was created for.
toolstack::Outcome<> set_memory_limit(rt::xenbus::Connection& store, DomId domain, u64 kib);

}  // namespace control
