// SPDX-License-Identifier: MIT
// Calling conventions: unknown numbers, registers that must survive, and
// multicalls, whose elements answer for themselves.
#include <array>

#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/hypercalls/outputs.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

void check_unknown_numbers() {
    for (u64 const nr : {u64{47}, u64{63}, u64{64}, u64{1000}, ~u64{0}})
        CHECK_ANSWER(hypercall::raw(nr), Errno::nosys);
}

// All but RAX, RCX, R11 and the argument registers keep their values.
void check_registers() {
    u64 rbx = 0x1111, r12 = 0x2222, r13 = 0x3333, r14 = 0x4444, r15 = 0x5555, r9 = 0x6666;
    asm volatile(
        "mov %[rbx], %%rbx; mov %[r12], %%r12; mov %[r13], %%r13; mov %[r14], %%r14; mov %[r15], %%r15\n\t"
        "mov %[r9], %%r9; mov %[nr], %%eax; xor %%edi, %%edi; xor %%esi, %%esi; syscall\n\t"
        "mov %%rbx, %[rbx]; mov %%r12, %[r12]; mov %%r13, %[r13]; mov %%r14, %[r14]; mov %%r15, %[r15]\n\t"
        "mov %%r9, %[r9]"
        : [rbx] "+m"(rbx), [r12] "+m"(r12), [r13] "+m"(r13), [r14] "+m"(r14), [r15] "+m"(r15), [r9] "+m"(r9)
        : [nr] "i"(__HYPERVISOR_xen_version)
        : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
          "memory");
    CHECK(rbx == 0x1111 && r12 == 0x2222 && r13 == 0x3333 && r14 == 0x4444 && r15 == 0x5555 && r9 == 0x6666);
}

multicall_entry_t element(u64 op, u64 first = 0, u64 second = 0) {
    multicall_entry_t e{};
    e.op = op;
    e.result = 0x5a5a;
    e.args[0] = first;
    e.args[1] = second;
    return e;
}

void check_multicall() {
    std::array calls{element(__HYPERVISOR_xen_version, XENVER_pagesize), element(47),
                     element(__HYPERVISOR_xen_version, XENVER_pagesize)};
    CHECK_ANSWER(hypercall::multicall(calls), 0);
    CHECK(calls[0].result == 4096);
    CHECK(static_cast<s64>(calls[1].result) == -38);
    CHECK(calls[2].result == 4096);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_multicall, 0x10, 1), Errno::fault);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_multicall, 0, 0), 0);
}

// HC-6: a multicall is no element of another
void check_nested_multicall() {
    std::array inner{element(__HYPERVISOR_xen_version, XENVER_pagesize)};
    std::array calls{element(__HYPERVISOR_multicall, hypercall::address(inner.data()), inner.size())};
    CHECK_ANSWER(hypercall::multicall(calls), 0);
    CHECK(static_cast<s64>(calls[0].result) == -22);
    CHECK(inner[0].result == 0x5a5a);
}

// More elements than one uninterrupted run does.
void check_long_multicall() {
    static std::array<multicall_entry_t, 500> calls;
    calls.fill(element(__HYPERVISOR_xen_version, XENVER_pagesize));
    CHECK_ANSWER(hypercall::multicall(calls), 0);
    bool all = true;
    for (auto const& c : calls)
        all = all && c.result == 4096;
    CHECK(all);
}

}  // namespace

int main() {
    check_unknown_numbers();
    check_registers();
    check_multicall();
    check_nested_multicall();
    check_long_multicall();
    check_outputs();
    check_control_outputs();
    return verdict::finish();
}
