// SPDX-License-Identifier: MIT
// The grammar: a rule is one kind of step, which makes a call or a few that
// belong together. Rules of one file are about one thing; `rules.cpp` has how
// often each is drawn.
#pragma once

#include "guest-pv/apps/havoc/worker.hpp"

namespace havoc {

using Rule = void (*)(Worker&, Random&);

struct Weighted {
    u32 weight;
    Rule rule;
};

// Which one is next.
Rule rule(Random& r);

extern std::span<Weighted const> const table_rules;        // page tables
extern std::span<Weighted const> const memory_rules;       // frames that come and go
extern std::span<Weighted const> const grant_rules;        // between domains
extern std::span<Weighted const> const event_rules;        // channels and rings
extern std::span<Weighted const> const time_rules;         // timers, other vcpus, the scheduler
extern std::span<Weighted const> const processor_rules;    // traps, descriptors, registers
extern std::span<Weighted const> const instruction_rules;  // what faults or is carried out
extern std::span<Weighted const> const privileged_rules;   // what this guest has no right to

}  // namespace havoc
