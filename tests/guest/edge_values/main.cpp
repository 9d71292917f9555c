// SPDX-License-Identifier: MIT
// Values that a processor would refuse from the hypervisor: whatever a guest
// puts into registers of its own, it gets an error or a fault, and goes on.
#include <array>
#include <map>
#include <optional>

#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

unsigned faults = 0;
u64 instruction_length = 0;

bool step_over(Registers& r) {
    ++faults;
    r.rip += instruction_length;
    return true;
}

constexpr std::array edges{u64{0},
                           u64{1} << 46,
                           (u64{1} << 47) - 1,
                           u64{1} << 47,
                           (~u64{0} << 47) - 1,
                           ~u64{0} << 47,
                           u64{0xffff880000000000} - 1,
                           u64{1} << 63,
                           ~u64{0}};

// DT-2 EX-7: any selector is loaded, or replaced by none
void check_selectors() {
    unsigned refused = 0;
    for (u64 selector = 0; selector < 0x10000; ++selector)
        refused += hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_GS_USER_SEL, selector) != 0;
    CHECK(refused == 0);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_GS_USER_SEL, 0), 0);
}

bool canonical(u64 a) {
    return a < u64{1} << 47 || a >= ~u64{0} << 47;
}

// DT-4 EX-7: no base that is not canonical gets in, by call or by instruction
void check_bases() {
    constexpr u32 kernel_gs_base = 0xc0000102;
    instruction_length = 2;
    for (u64 const value : edges) {
        CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_GS_USER, value),
                     canonical(value) ? Errno{} : Errno::inval);
        faults = 0;
        asm volatile("wrmsr" ::"c"(kernel_gs_base), "a"(static_cast<u32>(value)),
                     "d"(static_cast<u32>(value >> 32))
                     : "memory");
        CHECK((faults == 0) == canonical(value));
    }
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_segment_base, SEGBASE_GS_USER, 0), 0);
}

s64 flush(unsigned command, u64 address, u64 const* mask) {
    mmuext_op_t op{};
    op.cmd = command;
    op.arg1.linear_addr = address;
    op.arg2.vcpumask.p = mask;
    return verdict::raw(hypercall::mmuext_op({&op, 1}));
}

// TLB-4: any address can be flushed, by whoever exists
void check_flushes() {
    u64 const everybody = ~u64{0};
    for (u64 const address : edges) {
        CHECK_ANSWER(flush(MMUEXT_INVLPG_LOCAL, address, nullptr), 0);
        CHECK_ANSWER(flush(MMUEXT_INVLPG_ALL, address, nullptr), 0);
        CHECK_ANSWER(flush(MMUEXT_INVLPG_MULTI, address, &everybody), 0);
    }
    for (u64 const nowhere : {u64{0x10}, u64{1} << 47, u64{0xffff830000000000}})
        CHECK(flush(MMUEXT_TLB_FLUSH_MULTI, 0, reinterpret_cast<u64 const*>(nowhere)) < 0);
}

std::optional<u64> read_msr(u32 index) {
    u32 low = 0, high = 0;
    faults = 0;
    asm volatile("rdmsr" : "+a"(low), "+d"(high) : "c"(index) : "memory");
    return faults == 0 ? std::optional{u64{high} << 32 | low} : std::nullopt;
}

constexpr bool counts_time(u32 index) {
    return index == 0x10 || index == 0xe7 || index == 0xe8;
}
// What a guest has for itself: bases, and machine checks that are made for it.
constexpr bool is_own(u32 index) {
    return (index >= 0xc0000100 && index <= 0xc0000102) || index == 0x17a ||
           (index >= 0x280 && index <= 0x29f);
}

// CP-5 EX-7: whatever is written to them, registers of the machine stay as they are
void check_model_specific_registers() {
    instruction_length = 2;
    std::map<u32, u64> before;
    for (auto const& [first, last] :
         {std::pair{0u, 0xfffu}, std::pair{0xc0000000u, 0xc00003ffu}, std::pair{0xc0010000u, 0xc00103ffu}})
        for (u32 index = first; index <= last; ++index) {
            if (counts_time(index) || is_own(index))
                continue;
            if (auto const value = read_msr(index))
                before[index] = *value;
            asm volatile("wrmsr" ::"c"(index), "a"(~0u), "d"(~0u) : "memory");
        }
    CHECK(before.contains(0xc0000080));  // EFER, which every kernel reads
    for (auto const& [index, value] : before)
        verdict::check(read_msr(index) == value, "a register stays as it is", __FILE__, __LINE__, index);
}

bool has_xsave() {
    u32 a = 1, b = 0, c = 0, d = 0;
    asm volatile("ud2a\n\t.ascii \"xen\"\n\tcpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (c >> 27 & 1) != 0;
}

u64 enabled_states() {
    u32 low = 0, high = 0;
    asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return u64{high} << 32 | low;
}

// CP-4: states that are not switched, or lack what they need, stay off
void check_extended_states() {
    if (!has_xsave())
        return;
    instruction_length = 3;
    u64 const before = enabled_states();
    for (u64 const states : {u64{0}, u64{2}, u64{5}, u64{0x21}, u64{1} << 63 | 1, u64{0x201}, ~u64{0}}) {
        faults = 0;
        asm volatile("xsetbv" ::"c"(0), "a"(static_cast<u32>(states)), "d"(static_cast<u32>(states >> 32))
                     : "memory");
        CHECK(faults == 1);
        CHECK(enabled_states() == before);
    }
    faults = 0;
    asm volatile("xsetbv" ::"c"(1), "a"(1), "d"(0) : "memory");
    CHECK(faults == 1);
}

}  // namespace

int main() {
    on_exception(Vector::general_protection, step_over);
    check_selectors();
    check_bases();
    check_flushes();
    check_model_specific_registers();
    check_extended_states();
    return verdict::finish();
}
