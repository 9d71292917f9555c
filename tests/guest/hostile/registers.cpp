// SPDX-License-Identifier: MIT
#include <array>

#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/hostile/attacks.hpp"
#include "tests/guest/verdict.hpp"

namespace hostile {
namespace {

using namespace rt;

constexpr u64 hypervisor_start = 0xffff800000000000, hypervisor_end = 0xffff880000000000;
constexpr std::array edges{
    u64{1} << 47,       ~u64{0} << 47,      hypervisor_start,        hypervisor_start + 8,
    hypervisor_end - 1, hypervisor_end - 8, u64{0xffff828000200000}, u64{1} << 63};

bool in_hypervisor(u64 address) {
    return address >= hypervisor_start && address < hypervisor_end;
}

// CP-3: no breakpoint in the hypervisor, whatever is watched, and no bit of DR7 but breakpoints'
void set_breakpoints() {
    constexpr u64 dr7 = 7, detect = 1u << 13, reserved = 0xffffffff0000d000;
    for (u64 n = 0; n < 4; ++n)
        for (u64 const address : edges) {
            s64 const answer = hypercall::raw(__HYPERVISOR_set_debugreg, n, address);
            CHECK(answer == 0 || answer < 0);
            u64 const kept = static_cast<u64>(hypercall::raw(__HYPERVISOR_get_debugreg, n));
            CHECK(!in_hypervisor(kept) || static_cast<s64>(kept) > -4096);
        }
    for (unsigned bit = 0; bit < 64; ++bit) {
        static_cast<void>(hypercall::raw(__HYPERVISOR_set_debugreg, dr7, u64{1} << bit));
        u64 const kept = static_cast<u64>(hypercall::raw(__HYPERVISOR_get_debugreg, dr7));
        CHECK((kept & (detect | reserved)) == 0);
    }
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, dr7, 0), 0);
    for (u64 n = 0; n < 4; ++n)
        CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, n, 0), 0);
}

// EX-9 DT-4: no callback where the CPU could not go
void register_callbacks() {
    for (u64 const type : {u64{CALLBACKTYPE_sysenter}, u64{CALLBACKTYPE_syscall}, u64{77}, u64{0xffff}})
        for (u64 const address : {u64{1} << 47, ~u64{0} << 48, u64{1} << 63}) {
            callback_register_t c{.type = static_cast<u16>(type), .flags = 0xffff, .address = address};
            CHECK(verdict::raw(hypercall::callback_op(CALLBACKOP_register, c)) < 0);
        }
}

// CP-7: leaves beyond all ends, by the way that the hypervisor answers
void ask_for_any_leaf() {
    for (u32 const leaf : {0x0000000eu, 0x3fffffffu, 0x400000ffu, 0x40010000u, 0x7fffffffu, 0x800000ffu, ~0u})
        for (u32 const part : {0u, 1u, 63u, 64u, ~0u}) {
            u32 a = leaf, b = 0, c = part, d = 0;
            asm volatile("ud2a\n\t.ascii \"xen\"\n\tcpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
        }
    u32 a = 0x40000000, b = 0, c = 0, d = 0;
    asm volatile("ud2a\n\t.ascii \"xen\"\n\tcpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    CHECK(b == 0x566e6558);
}

alignas(8) vcpu_runstate_info watched;
alignas(8) u64 stack_segment = FLAT_KERNEL_SS;

// Accesses of either kind to the eight bytes at `p`.
void watch(void const* p) {
    constexpr u64 first_locally = 1, reads_and_writes = 3u << 16, eight_bytes = 2u << 18;
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 0, reinterpret_cast<u64>(p)), 0);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 7, first_locally | reads_and_writes | eight_bytes),
                 0);
}

// MOV SS puts its own debug exception off until behind the next instruction, which
// leads into the hypervisor.
s64 hypercall_in_the_shadow_of_ss() {
    s64 answer = __HYPERVISOR_xen_version;
    u64 what = XENVER_version, nothing = 0;
    asm volatile("mov %[segment], %%ss\n\tsyscall"
                 : "+a"(answer), "+D"(what), "+S"(nothing)
                 : [segment] "m"(stack_segment)
                 : "rcx", "r11", "memory");
    return answer;
}

bool breakpoint_in_the_shadow_of_ss() {
    static bool taken;
    taken = false;
    on_exception(Vector::breakpoint, [](Registers&) { return taken = true; });
    asm volatile("mov %[segment], %%ss\n\tint3" ::[segment] "m"(stack_segment) : "memory");
    return taken;
}

// EX-2: a breakpoint of the guest's that the hypervisor meets, where it reads and writes the
// guest's memory or in its first instruction, is no business of the hypervisor's
void meet_breakpoints() {
    on_exception(Vector::debug, [](Registers&) { return true; });
    watch(&watched.state_entry_time);
    for (unsigned i = 0; i < 3; ++i) {
        watched = {};
        CHECK_ANSWER(hypercall::raw(__HYPERVISOR_vcpu_op, VCPUOP_get_runstate_info, 0,
                                    reinterpret_cast<u64>(&watched)),
                     0);
        CHECK(watched.state == RUNSTATE_running && watched.state_entry_time != 0);
    }
    watch(&stack_segment);
    for (unsigned i = 0; i < 3; ++i) {
        CHECK(hypercall_in_the_shadow_of_ss() >> 16 == 4);
        CHECK(breakpoint_in_the_shadow_of_ss());
    }
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 7, 0), 0);
}

}  // namespace

void attack_by_registers() {
    set_breakpoints();
    meet_breakpoints();
    register_callbacks();
    ask_for_any_leaf();
}

}  // namespace hostile
