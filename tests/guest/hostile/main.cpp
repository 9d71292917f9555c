// SPDX-License-Identifier: MIT
// A guest that asks for what no kernel would: what it gets is a refusal, or
// harmless. README.md of tests/guest lists who else attacks, and by what.
#include "tests/guest/hostile/attacks.hpp"
#include "tests/guest/verdict.hpp"

int main() {
    hostile::attack_by_iret();
    hostile::attack_by_tables();
    hostile::attack_by_memory();
    hostile::attack_by_timers();
    hostile::attack_by_registers();
    hostile::attack_by_ports();
    return verdict::finish();
}
