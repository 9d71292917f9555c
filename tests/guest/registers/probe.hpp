// SPDX-License-Identifier: MIT
// The guest's registers around, and in the middle of, one way into the
// hypervisor: filled before, noted after. See probe.S.
#pragma once

#include <cstddef>

#include "kernel/base/types.hpp"

namespace probe {

enum Register : usize { rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15, count };

using Registers = u64[16];  // by Register
using Vectors = u8[512];    // 16 of 32 bytes
using Floating = u8[512];   // as FXSAVE has it

// Decides once whether vectors are filled whole, and turns what that needs on.
void prepare();
void turn_whole_vectors_on();  // for the vcpu that calls it

// Another `seed`, other values everywhere.
void fill(u64 seed);

// Of two notes of the general registers: all are alike but those of `changed`, a bit each.
bool alike(Registers const& a, Registers const& b, u64 changed);
constexpr u64 bit(Register r) {
    return u64{1} << r;
}

// x87, MXCSR and vectors are what they were filled with.
bool floating_is_kept(Floating const& noted, Vectors const& vectors);
// They are what the ABI says of a vcpu that nothing has run on.
bool floating_is_fresh(Floating const& noted);

}  // namespace probe

extern "C" {
void probe_hypercall();
void probe_emulation();
void probe_exception();
void probe_interrupt();
void note_upcall();
void note_vectors();
void fresh_entry();
extern char const probe_hypercall_end[], probe_interrupt_end[];
extern probe::Registers registers_before, registers_inside, registers_after, registers_at_start,
    registers_fresh;
extern probe::Vectors vectors_before, vectors_inside, vectors_after, vectors_fresh;
extern probe::Floating floating_before, floating_inside, floating_after, floating_at_start, floating_fresh;
extern u64 pushed_rcx, pushed_r11, interrupted_at;
extern u8* upcall_pending;  // which note_upcall clears
extern u32 upcalls;
extern bool vectors_are_wide, leaves_by_hypercall;
}
