// SPDX-License-Identifier: MIT
// Events of kernel/trace, on behalf of vcpus.
#pragma once

#include "kernel/domain/domain.hpp"
#include "kernel/domain/vcpu.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/trace/trace.hpp"

namespace trace {

inline Who who(Vcpu const& v) {
    return {v.domain.id.raw(), static_cast<u16>(v.id.raw())};
}

[[gnu::always_inline]] inline void note(Kind kind, Vcpu const& v, u64 a = 0, u64 b = 0) {
    note(
        kind, [&v] { return who(v); }, a, b);
}

// On behalf of whoever runs on this CPU.
[[gnu::always_inline]] inline void note_here(Kind kind, u64 a = 0, u64 b = 0) {
    auto const here = [] {
        Vcpu const* const v = machine::current();
        return v ? who(*v) : Who{};
    };
    note(kind, here, a, b);
}

}  // namespace trace
