// SPDX-License-Identifier: MIT
#include "arch/cpu/fixup.hpp"

#include "arch/cpu/msr.hpp"

namespace {
struct Row {
    s32 from, to;  // relative to each field's own address
};
extern "C" Row const __start_ex_table[];
extern "C" Row const __stop_ex_table[];

u64 absolute(s32 const& field) {
    return reinterpret_cast<u64>(&field) + static_cast<u64>(s64{field});
}
}  // namespace

namespace arch {

u64 find_fixup(u64 rip) {
    for (Row const* r = __start_ex_table; r != __stop_ex_table; ++r)
        if (absolute(r->from) == rip)
            return absolute(r->to);
    return 0;
}

Result<u64> rdmsr_safe(Msr m) {
    u32 lo = 0, hi = 0, failed = 0;
    asm volatile(
        "1:\trdmsr\n\t"
        "jmp 3f\n"
        "2:\tmov $1, %2\n"
        "3:\n\t" EX_TABLE("1b", "2b")
        : "=a"(lo), "=d"(hi), "+r"(failed)
        : "c"(static_cast<u32>(m)));
    if (failed != 0)
        return Fail{Errno::io};
    return u64{hi} << 32 | lo;
}

Result<> wrmsr_safe(Msr m, u64 v) {
    u32 failed = 0;
    asm volatile(
        "1:\twrmsr\n\t"
        "jmp 3f\n"
        "2:\tmov $1, %0\n"
        "3:\n\t" EX_TABLE("1b", "2b")
        : "+r"(failed)
        : "c"(static_cast<u32>(m)), "a"(static_cast<u32>(v)), "d"(static_cast<u32>(v >> 32))
        : "memory");
    if (failed != 0)
        return Fail{Errno::io};
    return {};
}

}  // namespace arch
