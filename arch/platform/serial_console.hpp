// SPDX-License-Identifier: MIT
// COM1, the line to a person.
#pragma once

namespace arch {

// Before anything is printed. Output is polled at first.
void init_serial();
// Interrupts may come from now on; `gsi 4` is routed to serial_interrupt.
void serial_use_interrupts();
void serial_interrupt();

}  // namespace arch
