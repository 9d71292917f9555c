// SPDX-License-Identifier: MIT
// EX-8: whatever way leads into the hypervisor, the guest finds its registers as
// they were, and nothing of the hypervisor's in those that the way changes. Two
// such guests beside each other find what each has put there (test_neighbours.py).
// And the base registers of segments, where instructions of their own reach them.
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/time.hpp"
#include "tests/guest/registers/fresh.hpp"
#include "tests/guest/registers/neighbour.hpp"
#include "tests/guest/registers/probe.hpp"
#include "tests/guest/registers/upcalls.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace probe;

constexpr u64 by_syscall = bit(rcx) | bit(r11);

void check_hypercall() {
    fill(0);
    registers_before[rax] = __HYPERVISOR_xen_version;
    registers_before[rdi] = XENVER_version;
    probe_hypercall();
    CHECK(registers_after[rax] >> 16 == 4);
    CHECK(registers_after[rcx] == reinterpret_cast<u64>(probe_hypercall_end));
    CHECK(registers_after[r11] < (u64{1} << 22));  // flags
    CHECK(alike(registers_after, registers_before, bit(rax) | by_syscall));
    CHECK(floating_is_kept(floating_after, vectors_after));
}

void check_emulated_instruction() {
    fill(0);
    probe_emulation();
    CHECK(alike(registers_after, registers_before, bit(rax)));
    CHECK(floating_is_kept(floating_after, vectors_after));
}

rt::Registers seen{};

// An exception hands over what the registers held, and what they hold after the
// handler's way back is what it left in them.
void check_exception() {
    rt::on_exception(rt::Vector::invalid_opcode, [](rt::Registers& r) {
        seen = r;
        r.rip += 2;
        return true;
    });
    fill(0);
    probe_exception();
    u64 const* const before = registers_before;
    CHECK(seen.rax == before[rax] && seen.rbx == before[rbx] && seen.rcx == before[rcx] &&
          seen.rdx == before[rdx]);
    CHECK(seen.rsi == before[rsi] && seen.rdi == before[rdi] && seen.rbp == before[rbp] &&
          seen.r8 == before[r8]);
    CHECK(seen.r9 == before[r9] && seen.r10 == before[r10] && seen.r11 == before[r11] &&
          seen.r12 == before[r12]);
    CHECK(seen.r13 == before[r13] && seen.r14 == before[r14] && seen.r15 == before[r15]);
    CHECK(alike(registers_after, registers_before, 0));
    CHECK(floating_is_kept(floating_after, vectors_after));
}

// CP-4: while it sleeps others have the CPU, and their registers are in it
void check_sleep() {
    sched_poll_t poll{};
    poll.timeout = static_cast<u64>(rt::now() + rt::millisecond);
    constexpr u64 breakpoint = 0x5a5a000;
    CHECK_ANSWER(rt::hypercall::raw(__HYPERVISOR_set_debugreg, 1, breakpoint), 0);
    fill(0);
    registers_before[rax] = __HYPERVISOR_sched_op;
    registers_before[rdi] = SCHEDOP_poll;
    registers_before[rsi] = rt::hypercall::address(&poll);
    probe_hypercall();
    CHECK(registers_after[rax] == 0);
    CHECK(alike(registers_after, registers_before, bit(rax) | by_syscall));
    CHECK(floating_is_kept(floating_after, vectors_after));
    CHECK_ANSWER(rt::hypercall::raw(__HYPERVISOR_get_debugreg, 1), static_cast<s64>(breakpoint));
    CHECK_ANSWER(rt::hypercall::raw(__HYPERVISOR_set_debugreg, 1, 0), 0);
}

bool has_base_instructions() {
    u32 a = 7, b = 0, c = 0, d = 0;
    asm volatile("ud2a\n\t.ascii \"xen\"\n\tcpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b & 1) != 0;
}

u64 read_cr4() {
    u64 v = 0;
    asm volatile("mov %%cr4, %0" : "=r"(v));
    return v;
}
void write_cr4(u64 v) {
    asm volatile("mov %0, %%cr4" ::"r"(v));
}

// CP-6, CP-7: what CPUID shows the kernel may turn on, and then it works.
void check_base_instructions() {
    constexpr u64 fsgsbase = 1u << 16;
    u64 const before = read_cr4();
    write_cr4(before | fsgsbase);
    CHECK(((read_cr4() & fsgsbase) != 0) == has_base_instructions());
    if (!has_base_instructions())
        return;
    constexpr u64 base = 0x7654'3000;
    u64 was = 0, is = 0;
    asm volatile("rdfsbase %0\n\twrfsbase %2\n\trdfsbase %1\n\twrfsbase %0"
                 : "=&r"(was), "=&r"(is)
                 : "r"(base));
    CHECK(is == base);
    write_cr4(before & ~fsgsbase);
    CHECK((read_cr4() & fsgsbase) == 0);
    write_cr4(before);
}

u64 read_tsc() {
    u32 low = 0, high = 0;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return u64{high} << 32 | low;
}

// CR4.TSD takes the clock from user code; a kernel still reads it, by emulation.
void check_time_stamp_disable() {
    constexpr u64 tsd = 1u << 2;
    u64 const before = read_cr4();
    u64 const earlier = read_tsc();
    write_cr4(before | tsd);
    CHECK((read_cr4() & tsd) != 0);
    u64 const meanwhile = read_tsc();
    write_cr4(before);
    u64 const later = read_tsc();
    CHECK(earlier < meanwhile && meanwhile < later);
}

}  // namespace

int main() {
    prepare();
    std::printf("vectors of %u bytes\n", vectors_are_wide ? 32u : 16u);
    check_hypercall();
    check_emulated_instruction();
    check_exception();
    check_sleep();
    check_upcalls();
    check_fresh();
    check_neighbour();
    check_base_instructions();
    check_time_stamp_disable();
    return verdict::finish();
}
