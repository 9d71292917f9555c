// SPDX-License-Identifier: MIT
// Physical processors as xl writes them: "all", "0-3,5", "0-7,^2".
#pragma once

#include "dom0/toolstack/outcome.hpp"
#include "kernel/base/types.hpp"

namespace toolstack {

using CpuMask = u64;  // bit n: processor n
inline constexpr CpuMask any_cpu = ~CpuMask{0};
// All that a machine with so many has.
CpuMask first_cpus(unsigned count);

// Parts are taken in order: each adds processors or, behind a '^', takes them
// away.
Outcome<CpuMask> parse_cpus(std::string_view text);
// The same, of a machine that has so many.
std::string cpus_text(CpuMask mask, unsigned cpus);

}  // namespace toolstack
