// SPDX-License-Identifier: MIT
#pragma once

// With `peer=N` on the command line: takes turns with that domain, on one CPU,
// each with registers of its own.
void check_neighbour();
