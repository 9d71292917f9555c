// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/vcpu.hpp: vcpus without registers, and a
// note of what was asked of them.
#pragma once

#include <vector>

#include "kernel/machine/vcpu.hpp"

namespace host {

struct Vcpus {
    std::vector<Vcpu*> notified;  // in order
    std::vector<Vcpu*> nmis;
    Errno context_refused{};  // what vcpu_set_context answers; 0: it accepts
    Maddr root{};             // what vcpu_get_context says of CR3
};
Vcpus& vcpus();

}  // namespace host
