// SPDX-License-Identifier: MIT
#include "tests/host/debug_registers.hpp"

#include <utility>

namespace host {

DebugRegisters& debug_registers() {
    static DebugRegisters registers;
    return registers;
}

}  // namespace host

namespace arch {

void set_breakpoint_address(unsigned n, u64 address) {
    host::debug_registers().address.at(n) = address;
}
void set_dr7(u64 value) {
    host::debug_registers().dr7 = value;
}
u64 take_dr6() {
    return std::exchange(host::debug_registers().dr6, dr6_nothing);
}

}  // namespace arch
