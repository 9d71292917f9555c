// SPDX-License-Identifier: MIT
// One function for each door of the ABI. None of them does harm, and the guest
// is there afterwards to say so.
#pragma once

namespace hostile {

void attack_by_iret();
void attack_by_tables();
void attack_by_memory();
void attack_by_timers();
void attack_by_registers();
void attack_by_ports();

}  // namespace hostile
