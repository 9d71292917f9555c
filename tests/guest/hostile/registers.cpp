// SPDX-License-Identifier: MIT
#include <array>

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

}  // namespace

void attack_by_registers() {
    set_breakpoints();
    register_callbacks();
    ask_for_any_leaf();
}

}  // namespace hostile
