// SPDX-License-Identifier: MIT
#include "kernel/profile/stretches.hpp"

#include <array>

#include "kernel/machine/cpu.hpp"

namespace stretches {
namespace {

// Written by its CPU alone; who reads it meanwhile may see half of a new record.
struct Measured {
    u32 depth = 0;  // of calls within calls
    u32 number = 0;
    u64 argument = 0;
    u64 from = 0;
    u64 since = 0;
    std::array<Stretch, most_calls> longest{};

    void note(u64 to) {
        u64 const cycles = machine::cycles() - since;
        if (Stretch& s = longest[number]; cycles > s.cycles)
            s = {cycles, argument, from, to};
    }
};

constinit std::array<Measured, machine::max_cpus> measured{};
using Follower = void (*)(bool);
constinit Follower follower = nullptr;

Measured& here() {
    return measured[machine::this_cpu().raw()];
}

void tell(bool on) {
    measuring.store(on);
    if (follower)
        follower(on);
}

}  // namespace

constinit std::atomic<bool> measuring{false};

void set_follower(void (*follow)(bool on)) {
    follower = follow;
}

void start() {
    for (Measured& m : measured)
        m.longest = {};
    tell(true);
}

void stop() {
    tell(false);
}

void end_at_look(u64 at) {
    if (Measured& m = here(); m.depth != 0)
        m.note(at);
}

void begin_at_look(u64 at) {
    Measured& m = here();
    m.from = at;
    m.since = machine::cycles();
}

Call::Call(u32 number, u64 argument) {
    Measured& m = here();
    if (m.depth++ != 0)
        return;
    m.number = number;
    m.argument = argument;
    begin_at_look(0);
}

Call::~Call() {
    Measured& m = here();
    if (--m.depth == 0)
        m.note(0);
}

Stretch longest(u32 number) {
    Stretch most;
    for (Measured const& m : measured)
        if (m.longest[number].cycles > most.cycles)
            most = m.longest[number];
    return most;
}

}  // namespace stretches
