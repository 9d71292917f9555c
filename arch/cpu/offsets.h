/* SPDX-License-Identifier: MIT */
/* Numbers that entry.S shares with C++; offsets.cpp checks each of them. */
#pragma once

#define CPU_BLOCK_SIZE 0x10000
#define MAX_CPUS 32

#define FRAME_SIZE 168
#define FRAME_ERROR 120
#define FRAME_VECTOR 124
#define FRAME_RIP 128
#define FRAME_CS 136
#define FRAME_RFLAGS 144
#define FRAME_RSP 152
#define FRAME_SS 160

/* Between one CPU's SYSCALL entry and the next one's. */
#define SYSCALL_STUB_SIZE 64

/* Frame.vector of a vcpu that came in by SYSCALL and may leave by SYSRET. */
#define VECTOR_SYSCALL 0x100

/* CpuLocal members, and how to reach them from the guest frame's address. */
#define LOCAL_WORK_DUE 0
#define LOCAL_CURRENT_INFO 8
#define LOCAL_OF_FRAME(member) (member - (CPU_BLOCK_SIZE - FRAME_SIZE))(%rsp)

#define SEL_HV_CS 0xe008
#define SEL_HV_DS 0xe010
#define SEL_USER_CS32 0xe023
#define SEL_USER_DS 0xe02b
#define SEL_USER_CS 0xe033
#define SEL_TSS 0xe040
#define SEL_LDT 0xe050
