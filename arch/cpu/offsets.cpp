// SPDX-License-Identifier: MIT
// Holds offsets.h to what the C++ structures really are.
#include <cstddef>

#include "arch/cpu/frame.hpp"
#include "arch/cpu/offsets.h"
#include "arch/cpu/percpu.hpp"

namespace arch {

static_assert(CPU_BLOCK_SIZE == cpu_block_size);
static_assert(MAX_CPUS == machine::max_cpus);
static_assert(FRAME_SIZE == sizeof(Frame));
static_assert(FRAME_ERROR == offsetof(Frame, error_code));
static_assert(FRAME_VECTOR == offsetof(Frame, vector));
static_assert(FRAME_RIP == offsetof(Frame, rip));
static_assert(FRAME_CS == offsetof(Frame, cs));
static_assert(FRAME_RFLAGS == offsetof(Frame, rflags));
static_assert(FRAME_RSP == offsetof(Frame, rsp));
static_assert(FRAME_SS == offsetof(Frame, ss));
static_assert(LOCAL_WORK_DUE == offsetof(CpuLocal, work_due));
static_assert(LOCAL_CURRENT_INFO == offsetof(CpuLocal, current_info));
static_assert(sizeof(CpuLocal) <= guard_pages.front());

}  // namespace arch
