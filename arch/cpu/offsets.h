/* SPDX-License-Identifier: MIT */
/* Numbers that entry.S shares with C++; offsets.cpp checks each of them. */
#pragma once

#define CPU_BLOCK_SIZE 0x10000
#define NMI_STACK_TOP 0x3000
#define MCE_STACK_TOP 0x5000
#define DF_STACK_TOP 0x7000
#define DB_STACK_TOP 0x9000
#define MAX_CPUS 32

#define FRAME_SIZE 168
#define FRAME_RAX 80
#define FRAME_ERROR 120
#define FRAME_VECTOR 124
#define FRAME_RIP 128
#define FRAME_CS 136
#define FRAME_RFLAGS 144
#define FRAME_RSP 152
#define FRAME_SS 160

/* Between one CPU's SYSCALL entry and the next one's. */
#define SYSCALL_STUB_SIZE 64

/* Between one vector's stub and the next one's, from vector 32 on. */
#define IRQ_STUB_SIZE 16

/* Frame.vector of a vcpu that came in by SYSCALL and may leave by SYSRET. */
#define VECTOR_SYSCALL 0x100

/* CpuLocal members, and how to reach them from the guest frame's address. */
#define LOCAL_WORK_DUE 0
#define LOCAL_CURRENT_INFO 8
#define LOCAL_ENTRY_FRAME 24
#define LOCAL_OF_FRAME(member) (member - (CPU_BLOCK_SIZE - FRAME_SIZE))(%rsp)

/* EntryPage: its variables, and the ends of its stacks. */
#define ENTRY_PAGE_SIZE 0x1000
#define ENTRY_OWN_ROOT 0
#define ENTRY_GUEST_ROOT 8
#define ENTRY_BLOCK_END 16
#define ENTRY_SCRATCH 24
#define ENTRY_NMI_TOP 0x400
#define ENTRY_MCE_TOP 0x600
#define ENTRY_DF_TOP 0x800
#define ENTRY_DB_TOP 0xa00
#define ENTRY_TOP 0x1000
#define ENTRY_FRAME_SIZE 40
#define ENTRY_FRAME_RSP 24

#define SEL_HV_CS 0xe008
#define SEL_HV_DS 0xe010
#define SEL_USER_CS32 0xe023
#define SEL_USER_DS 0xe02b
#define SEL_USER_CS 0xe033
#define SEL_TSS 0xe040
#define SEL_LDT 0xe050
