// SPDX-License-Identifier: MIT
// Holds offsets.h to what the C++ structures really are.
#include <cstddef>

#include "arch/cpu/entry_page.hpp"
#include "arch/cpu/frame.hpp"
#include "arch/cpu/offsets.h"
#include "arch/cpu/percpu.hpp"

namespace arch {

static_assert(CPU_BLOCK_SIZE == cpu_block_size);
static_assert(MAX_CPUS == machine::max_cpus);
static_assert(FRAME_SIZE == sizeof(Frame));
static_assert(FRAME_RAX == offsetof(Frame, rax));
static_assert(FRAME_ERROR == offsetof(Frame, error_code));
static_assert(FRAME_VECTOR == offsetof(Frame, vector));
static_assert(FRAME_RIP == offsetof(Frame, rip));
static_assert(FRAME_CS == offsetof(Frame, cs));
static_assert(FRAME_RFLAGS == offsetof(Frame, rflags));
static_assert(FRAME_RSP == offsetof(Frame, rsp));
static_assert(FRAME_SS == offsetof(Frame, ss));
static_assert(LOCAL_WORK_DUE == offsetof(CpuLocal, work_due));
static_assert(LOCAL_CURRENT_INFO == offsetof(CpuLocal, current_info));
static_assert(LOCAL_ENTRY_FRAME == offsetof(CpuLocal, entry_frame));
static_assert(NMI_STACK_TOP == nmi_stack_top);
static_assert(MCE_STACK_TOP == mce_stack_top);
static_assert(DF_STACK_TOP == df_stack_top);
static_assert(DB_STACK_TOP == db_stack_top);
static_assert(ENTRY_PAGE_SIZE == sizeof(EntryPage));
static_assert(ENTRY_OWN_ROOT == offsetof(EntryPage, own_root));
static_assert(ENTRY_GUEST_ROOT == offsetof(EntryPage, guest_root));
static_assert(ENTRY_BLOCK_END == offsetof(EntryPage, block_end));
static_assert(ENTRY_SCRATCH == offsetof(EntryPage, scratch));
static_assert(ENTRY_NMI_TOP == offsetof(EntryPage, nmi_stack) + sizeof(EntryPage::nmi_stack));
static_assert(ENTRY_MCE_TOP == offsetof(EntryPage, mce_stack) + sizeof(EntryPage::mce_stack));
static_assert(ENTRY_DF_TOP == offsetof(EntryPage, df_stack) + sizeof(EntryPage::df_stack));
static_assert(ENTRY_DB_TOP == offsetof(EntryPage, db_stack) + sizeof(EntryPage::db_stack));
static_assert(ENTRY_TOP == offsetof(EntryPage, stack) + sizeof(EntryPage::stack));
static_assert(ENTRY_FRAME_SIZE == sizeof(Frame) - FRAME_RIP);
static_assert(ENTRY_FRAME_RSP == FRAME_RSP - FRAME_RIP);
static_assert(sizeof(CpuLocal) <= guard_pages.front());

}  // namespace arch
