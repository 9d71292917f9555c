// SPDX-License-Identifier: MIT
// Page-table isolation: while a guest runs, nothing of the hypervisor is mapped
// but what a CPU needs to come in. For processors that let user code read
// supervisor memory under speculation (Meltdown).
//
// Every guest root has a second table then, its view, with the guest's entries
// and few of ours (arch/pv/guest_view.hpp). The root itself is loaded while the
// hypervisor runs on the guest's behalf, the view while the guest does.
#pragma once

#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

namespace arch {

// Settled before the first guest root exists. C: entry.S asks it, too, behind
// exit_steps (arch/cpu/barriers.hpp).
extern "C" bool isolation_on;

// On the boot CPU, before the others start: on where the processor needs it,
// unless the command line says `xpti=yes` or `xpti=no`.
void choose_isolation(std::string_view command_line);

// What `xpti=` says on a command line, as Xen reads it: whether isolation is on.
bool isolation_wanted(std::string_view command_line, bool needed);

// Entries for slots 256..271 of a view. Slot 256 is the M2P's, as in the root.
std::span<u64 const, 16> guest_view_slots();

// What this CPU runs on from now on, and what its guest will.
void load_roots(Maddr own, Maddr guest);

}  // namespace arch
