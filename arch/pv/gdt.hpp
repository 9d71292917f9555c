// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "kernel/base/result.hpp"

struct Vcpu;

namespace arch {

// Makes `entries` descriptors in these machine frames the vcpu's GDT. Every
// frame is taken as a segment-descriptor page before the old ones are let go;
// failure keeps the old. inval: more than 7168 entries, or a frame that cannot
// be one.
Result<> set_gdt(Vcpu& v, std::span<unsigned long const> frames, u32 entries);

}  // namespace arch
