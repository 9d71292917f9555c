// SPDX-License-Identifier: MIT
// The guest's GDT: up to 14 frames of checked descriptors.
#pragma once

#include <span>

#include "arch/pv/vcpu_state.hpp"
#include "kernel/base/result.hpp"

namespace arch {

// Takes as many frames as the entries fill as descriptor pages and makes them the
// vcpu's GDT, all or nothing. inval: too many entries, or a frame is not fit.
Result<> set_gdt(Vcpu& v, std::span<u64 const> frames, u32 entries);

}  // namespace arch
