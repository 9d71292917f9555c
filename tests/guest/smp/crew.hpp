// SPDX-License-Identifier: MIT
// All vcpus of the guest at work together: each runs the same functions, with
// its own number, and waits for the others in between. They share memory and
// nothing of the kit: its threads, heap and events belong to the first vcpu.
#pragma once

#include <atomic>

#include "kernel/base/types.hpp"

namespace crew {

// How many vcpus this guest has, up to a limit of its own.
u32 size();

// The context that a vcpu is to start with is made here; others hand it over.
// What VCPUOP_initialise answers.
s64 initialise(u32 vcpu);
// Lets an initialised vcpu run: it calls `work(vcpu)` and goes down.
void start(u32 vcpu, void (*work)(u32 vcpu));

// Waits until all vcpus are here.
void meet();
// Lets other vcpus run, wherever there are fewer CPUs than those.
void pause();

}  // namespace crew
