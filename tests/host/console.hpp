// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/console.hpp: what was said is kept, and
// the end of the machine is an exception.
#pragma once

#include <stdexcept>
#include <string>

#include "kernel/machine/console.hpp"

namespace host {

// Everything put on the serial line so far; a test may clear it.
std::string& serial_line();

// What machine::end_guest() was last called with.
std::string& guest_ended_by();

// Set by a test that plays the serial line; cleared when input may come again.
bool& line_held();

struct MachineEnd : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace host
