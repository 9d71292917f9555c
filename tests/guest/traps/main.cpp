// SPDX-License-Identifier: MIT
// Exceptions come with the right vector, error code, address and return point,
// and the instructions that a PV kernel may use work.
#include <cstring>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

Registers seen{};
u64 resume_at = 0;

// Catches one exception and goes on behind the instruction.
bool catch_one(Registers& r) {
    seen = r;
    r.rip = resume_at;
    return true;
}

// Runs `insn`; its address and the one behind it are known.
#define RAISE(insn, ...)                                     \
    ({                                                       \
        u64 at_ = 0;                                         \
        seen = {};                                           \
        asm volatile(                                        \
            "lea 2f(%%rip), %%rax; mov %%rax, %[resume]\n\t" \
            "lea 1f(%%rip), %%rax; mov %%rax, %[at]\n"       \
            "1:\t" insn "\n2:"                               \
            : [resume] "=m"(resume_at), [at] "=m"(at_)       \
            : __VA_ARGS__                                    \
            : "rax", "rcx", "rdx", "memory");                \
        at_;                                                 \
    })

// EX-4: one exception is one call of its handler, with what belongs to it
void check_vectors() {
    u64 at = RAISE("ud2");
    CHECK(seen.vector == 6 && seen.rip == at);
    at = RAISE("xor %%ecx, %%ecx; mov $1, %%eax; cltd; div %%ecx");
    CHECK(seen.vector == 0);
    at = RAISE("int3");
    CHECK(seen.vector == 3 && seen.rip == at + 1);
    at = RAISE("int $0x55");
    CHECK(seen.vector == 13 && seen.error_code == (0x55 << 3 | 2) && seen.rip == at);
    // Ring 0 of a guest looks like ring 0.
    CHECK((seen.cs & 3) == 0);
}

void check_page_faults() {
    u64 const address = 0x600000123456;
    u64 at = RAISE("mov (%[p]), %%rcx", [p] "r"(address));
    CHECK(seen.vector == 14 && seen.error_code == 0 && seen.rip == at && fault_address() == address);
    at = RAISE("movb $1, (%[p])", [p] "r"(address));
    CHECK(seen.vector == 14 && seen.error_code == 2 && fault_address() == address);
    // Non-canonical: no page fault at all.
    at = RAISE("mov (%[p]), %%rcx", [p] "r"(u64{1} << 62));
    CHECK(seen.vector == 13 && seen.error_code == 0 && seen.rip == at);
}

u64 read_msr(u32 index) {
    u32 lo = 0, hi = 0;
    asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(index));
    return u64{hi} << 32 | lo;
}
void write_msr(u32 index, u64 value) {
    asm volatile("wrmsr" ::"c"(index), "a"(static_cast<u32>(value)), "d"(static_cast<u32>(value >> 32)));
}

void check_bases() {
    constexpr u32 fs = 0xc0000100;
    u64 const before = read_msr(fs);
    write_msr(fs, 0x123456789000);
    CHECK(read_msr(fs) == 0x123456789000);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_FS, 0x7000), 0);
    CHECK(read_msr(fs) == 0x7000);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_FS, u64{1} << 47), Errno::inval);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, 9, 0), Errno::inval);
    write_msr(fs, before);
    u64 const at = RAISE("mov $0xc0000100, %%ecx; xor %%eax, %%eax; mov $0x8000, %%edx; wrmsr");
    CHECK(seen.vector == 13 && seen.rip > at);
}

u16 gs() {
    u16 selector = 0;
    asm volatile("mov %%gs, %0" : "=r"(selector));
    return selector;
}

// Null selectors stay as they are; others get the guest's privilege.
void check_gs_selector() {
    u16 const before = gs();
    for (u16 null = 0; null < 4; ++null) {
        CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_GS_USER_SEL, null), 0);
        CHECK(gs() == null);
    }
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_GS_USER_SEL, FLAT_RING3_DS32 & ~3), 0);
    CHECK(gs() == (FLAT_RING3_DS32 | 3));
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_GS_USER_SEL, before), 0);
}

// D7: nobody but a guest that asks for it faults on floating point
void check_control_registers() {
    u64 cr0 = 0, cr3 = 0, cr4 = 0;
    asm volatile("mov %%cr0, %0" : "=r"(cr0));
    asm volatile("mov %%cr3, %0" : "=r"(cr3));
    asm volatile("mov %%cr4, %0" : "=r"(cr4));
    CHECK((cr0 & 0x80000001) == 0x80000001);
    CHECK(cr3 >> 12 != 0);
    CHECK((cr4 >> 5 & 1) == 1);
    asm volatile("clts");
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_fpu_taskswitch, 1), 0);
    asm volatile("mov %%cr0, %0" : "=r"(cr0));
    CHECK((cr0 & 8) != 0);
    u64 const at = RAISE("movd %%eax, %%xmm0");
    CHECK(seen.vector == 7 && seen.rip == at);
    asm volatile("mov %%cr0, %0" : "=r"(cr0));
    CHECK((cr0 & 8) == 0);
    asm volatile("wbinvd");
    CHECK(true);
}

struct Leaf {
    u32 a, b, c, d;
};
Leaf forced_cpuid(u32 leaf, u32 sub = 0) {
    Leaf r{};
    asm volatile("ud2; .ascii \"xen\"; cpuid"
                 : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
                 : "a"(leaf), "c"(sub));
    return r;
}

void check_cpuid() {
    Leaf const xen = forced_cpuid(0x40000000);
    CHECK(xen.b == 0x566e6558 && xen.c == 0x65584d4d && xen.d == 0x4d4d566e && xen.a >= 0x40000002);
    CHECK(forced_cpuid(0x40000001).a >> 16 == 4);
    Leaf const one = forced_cpuid(1);
    constexpr u32 pse = 1u << 3, pge = 1u << 13, pse36 = 1u << 17, vme = 1u << 1;
    CHECK((one.d & (pse | pge | pse36 | vme)) == 0);
    CHECK((one.c >> 31 & 1) == 1);
    CHECK((one.c & (1u << 3 | 1u << 5 | 1u << 17)) == 0);    // MONITOR, VMX, PCID
    CHECK((forced_cpuid(7).b & (1u << 7 | 1u << 20)) == 0);  // SMEP, SMAP
    Leaf const ext = forced_cpuid(0x80000001);
    CHECK((ext.d >> 20 & 1) == 1 && (ext.d >> 26 & 1) == 0);
    CHECK((forced_cpuid(0x80000008).a >> 8 & 0xff) == 48);  // LA57 is hidden
}

// Linux complains about a CPU without machine checks.
void check_machine_check_registers() {
    constexpr u32 mce = 1u << 7, mca = 1u << 14, mcg_cap = 0x179, mcg_status = 0x17a;
    CHECK((forced_cpuid(1).d & (mce | mca)) == (mce | mca));
    CHECK((read_msr(mcg_cap) & 0xff) <= 32);
    CHECK(read_msr(mcg_status) == 0);
    write_msr(mcg_status, 0);
}

// Nor does it want to hear that the firmware forbids fast string operations.
void check_fast_strings() {
    constexpr u32 misc_enable = 0x1a0, genu = 0x756e6547;
    if (forced_cpuid(0).b == genu)
        CHECK((read_msr(misc_enable) & 1) == 1);
}

// CP-1: without IOPL the guest's own bitmap decides, and all ports of an access count.
void check_port_permissions() {
    alignas(page_size) static u8 denied[8192];
    auto const set_iopl = [](u32 level) {
        physdev_set_iopl_t op{.iopl = level};
        return hypercall::raw(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iopl, hypercall::address(&op));
    };
    auto const set_bitmap = [](u32 ports) {
        physdev_set_iobitmap_t op{.bitmap = {denied}, .nr_ports = ports};
        return hypercall::raw(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iobitmap, hypercall::address(&op));
    };
    CHECK_ANSWER(set_iopl(0), 0);
    CHECK_ANSWER(set_bitmap(65537), Errno::inval);
    CHECK_ANSWER(set_bitmap(0x81), 0);
    denied[0x80 / 8] = 0xfe;
    RAISE("in $0x80, %%al");
    CHECK(seen.vector == 0);
    RAISE("in $0x80, %%ax");
    CHECK(seen.vector == 13 && seen.error_code == 0);
    CHECK_ANSWER(set_bitmap(0x80), 0);
    RAISE("in $0x80, %%al");
    CHECK(seen.vector == 13);
    RAISE("cli");
    CHECK(seen.vector == 13);
    CHECK_ANSWER(set_bitmap(0), 0);
    CHECK_ANSWER(set_iopl(1), 0);
    RAISE("in $0x80, %%al");
    CHECK(seen.vector == 0);
}

void check_debug_registers() {
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 0, 0x1000), 0);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_get_debugreg, 0), 0x1000);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 0, 0), 0);
    CHECK(hypercall::raw(__HYPERVISOR_set_debugreg, 1, 0xffff800000000000) < 0);
    CHECK(hypercall::raw(__HYPERVISOR_set_debugreg, 9, 0) < 0);
}

// A breakpoint on data, and a single step.
void check_debug_exceptions() {
    static u64 watched = 0;
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 0, hypercall::address(&watched)), 0);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 7, 0x000d0402), 0);
    u64 const at = RAISE("movq $1, (%[p]); nop; nop", [p] "r"(&watched));
    CHECK(seen.vector == 1 && seen.rip > at);
    CHECK((hypercall::raw(__HYPERVISOR_get_debugreg, 6) & 1) == 1);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 7, 0x400), 0);
    CHECK(watched == 1);
}

}  // namespace

int main() {
    for (Vector const v : {Vector::divide_error, Vector::debug, Vector::breakpoint, Vector::invalid_opcode,
                           Vector{7}, Vector::general_protection, Vector::page_fault})
        on_exception(v, catch_one);
    check_vectors();
    check_page_faults();
    check_bases();
    check_gs_selector();
    check_control_registers();
    check_cpuid();
    check_machine_check_registers();
    check_fast_strings();
    check_port_permissions();
    check_debug_registers();
    check_debug_exceptions();
    return verdict::finish();
}
