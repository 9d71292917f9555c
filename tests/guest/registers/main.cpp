// SPDX-License-Identifier: MIT
// EX-8: whatever way leads into the hypervisor, the guest finds its registers as
// they were, and nothing of the hypervisor's in those that the way changes. And
// the base registers of segments, where instructions of their own reach them.
#include <array>
#include <cstring>

#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/verdict.hpp"

namespace {

enum Register : usize { rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15, count };

}  // namespace

extern "C" {
void probe_hypercall();
void probe_emulation();
extern char const probe_hypercall_end[];
extern u64 registers_before[count], registers_after[count];
extern u8 vectors_before[256], vectors_after[256];
}

namespace {

void fill() {
    for (usize i = 0; i < count; ++i)
        registers_before[i] = 0x5a00'0000'0000'0000 + 0x0101'0101 * (i + 1);
    for (usize i = 0; i < sizeof vectors_before; ++i)
        vectors_before[i] = static_cast<u8>(i * 7 + 1);
}

bool unchanged(usize i) {
    return registers_after[i] == registers_before[i];
}

void check_hypercall() {
    fill();
    registers_before[rax] = __HYPERVISOR_xen_version;
    registers_before[rdi] = XENVER_version;
    probe_hypercall();
    CHECK(registers_after[rax] >> 16 == 4);
    CHECK(registers_after[rcx] == reinterpret_cast<u64>(probe_hypercall_end));
    CHECK(registers_after[r11] < (u64{1} << 22));  // flags
    for (usize i = 0; i < count; ++i)
        CHECK(i == rax || i == rcx || i == r11 || unchanged(i));
    CHECK(std::memcmp(vectors_after, vectors_before, sizeof vectors_before) == 0);
}

void check_emulated_instruction() {
    fill();
    probe_emulation();
    for (usize i = 0; i < count; ++i)
        CHECK(i == rax || unchanged(i));
    CHECK(std::memcmp(vectors_after, vectors_before, sizeof vectors_before) == 0);
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
    check_hypercall();
    check_emulated_instruction();
    check_base_instructions();
    check_time_stamp_disable();
    return verdict::finish();
}
