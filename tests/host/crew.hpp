// SPDX-License-Identifier: MIT
// Several CPUs in one test. Each is a thread, but only one of them goes at a
// time: where it waits (machine::relax) or says step(), a choice drawn from a
// seed tells who goes on. So every run of a seed is the same, and many seeds
// are many interleavings.
#pragma once

#include <functional>
#include <vector>

#include "kernel/base/types.hpp"

namespace host {

// Runs each piece of work as the CPU of that number, to the end of all. Stops the
// program when they wait for each other for ever.
void run_crew(u64 seed, std::vector<std::function<void()>> const& work);

// A place where another CPU may come in between.
void step();

}  // namespace host
