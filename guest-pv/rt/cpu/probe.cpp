// SPDX-License-Identifier: MIT
#include "guest-pv/rt/cpu/probe.hpp"

extern "C" {
bool probe_read(u64 const* from, u64* value);
bool probe_write(u64* to, u64 value);
void probe_failed();
}

namespace rt {

bool try_read(u64 const* from, u64& value) {
    return probe_read(from, &value);
}

bool try_write(u64* to, u64 value) {
    return probe_write(to, value);
}

// Only the first instruction of each function touches the doubtful address.
bool resume_probe(Registers& registers) {
    bool const probing = registers.rip == reinterpret_cast<u64>(probe_read) ||
                         registers.rip == reinterpret_cast<u64>(probe_write);
    if (probing)
        registers.rip = reinterpret_cast<u64>(probe_failed);
    return probing;
}

}  // namespace rt
