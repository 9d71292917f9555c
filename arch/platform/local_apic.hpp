// SPDX-License-Identifier: MIT
// The local APIC (Intel SDM volume 3, chapter 11), by memory or, in x2APIC
// mode, by MSR.
#pragma once

#include "kernel/base/types.hpp"

namespace arch::local_apic {

// Boot CPU: chooses the mode and maps the registers. Not every id of the
// machine fits the older mode.
void init(Maddr registers, u32 highest_id);
// Each CPU: enabled, everything local masked but errors.
void init_cpu();

u32 id();
void end_of_interrupt();
void send(u32 apic_id, u8 vector);
void send_nmi(u32 apic_id);
// Resets a processor; then lets it run from `code`, a page below 1 MiB.
void send_init(u32 apic_id);
void send_startup(u32 apic_id, Maddr code);
u32 take_errors();

// The timer. Counting down at a sixteenth of the bus clock, or by comparison
// with the TSC.
void use_count_timer();
void use_deadline_timer();
void set_count(u32 initial);
u32 current_count();
void set_deadline(u64 tsc);

}  // namespace arch::local_apic
