// SPDX-License-Identifier: MIT
// RDMSR and WRMSR of a guest's kernel.
#include "tests/unit/arch/pv/privileged_kernel.hpp"

using namespace privileged;

TEST_CASE("CP-5 MSRs are those of a list, whatever there is") {
    Kernel k;
    constexpr std::array known{0x10u,       0x17u,       0x8bu,       0x1bu,       0x1a0u,
                               0x277u,      0x179u,      0x17au,      0x17bu,      msr_efer,
                               0xc0000100u, 0xc0000101u, 0xc0000102u, 0xc0000103u, 0x40000000u};
    for (u32 const start : {0u, 0x40000000u, 0xc0000000u, 0xc0010000u})
        for (u32 index = start; index < start + 0x2000; ++index) {
            if (std::ranges::find(known, index) != known.end())
                continue;
            if (pv::read_msr(k.vcpu(), index) || pv::write_msr(k.vcpu(), index, 0))
                FAIL("MSR " << index);
        }
}

TEST_CASE("CP-5 what an MSR says comes from the policy") {
    Kernel k;
    CHECK(k.reads_msr(0x277));
    CHECK(k.answer() == 0x0000050100070406);
    CHECK(k.reads_msr(0x1b));
    CHECK(k.answer() == 0xfee00900);
    for (u32 const machine_check : {0x179u, 0x17au, 0x17bu}) {
        CHECK(k.reads_msr(machine_check));
        CHECK(k.answer() == 0);
        CHECK(k.writes_msr(machine_check, ~u64{0}));
    }
    for (u32 const of_intel : {0x17u, 0x8bu, 0x1a0u})
        CHECK_FALSE(k.reads_msr(of_intel));
    arch::features.intel = true;
    CHECK(k.reads_msr(0x17));
    CHECK(k.reads_msr(0x8b));
    CHECK(k.answer() == 0x123456789abc);
    CHECK(k.writes_msr(0x8b, 0));
    CHECK_FALSE(k.writes_msr(0x8b, 1));
    CHECK(k.writes_msr(0x10, 5));
    CHECK(k.writes_msr(0x1a0, 5));
}

TEST_CASE("CP-5 DT-4 MSRs refuse what the CPU would, before it sees it") {
    Kernel k;
    for (u32 const base : {msr_fs_base, msr_fs_base + 1, msr_fs_base + 2})
        for (u64 const bad : {u64{1} << 47, (~u64{0} << 47) - 1, u64{1} << 63})
            CHECK_FALSE(k.writes_msr(base, bad));
    CHECK_FALSE(k.reads_msr(msr_tsc_aux));
    CHECK_FALSE(k.writes_msr(msr_tsc_aux, 1));
    arch::features.rdtscp = true;
    CHECK_FALSE(k.writes_msr(msr_tsc_aux, u64{1} << 32));
    k.state.tsc_aux = 5;
    CHECK(k.reads_msr(msr_tsc_aux));
    CHECK(k.answer() == 5);
}
