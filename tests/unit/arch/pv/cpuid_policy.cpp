// SPDX-License-Identifier: MIT
// The CPU that guests see, made of this machine's.
#include <catch2/catch_test_macros.hpp>

#include "arch/pv/emulate.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

constexpr u32 bit(unsigned n) {
    return u32{1} << n;
}

class Guest {
    host::TestDomain domain_{1};
    machine::VcpuState state_;

  public:
    Guest() { domain_.vcpu().arch = &state_; }
    ~Guest() {
        domain_.vcpu().arch = nullptr;
        arch::features = arch::features_of_host();
    }
    Guest(Guest const&) = delete;
    pv::CpuidAnswer ask(u32 leaf, u32 subleaf = 0) { return pv::cpuid_policy(domain_.vcpu(), leaf, subleaf); }
};

bool is_zero(pv::CpuidAnswer const& r) {
    return (r.a | r.b | r.c | r.d) == 0;
}

}  // namespace

TEST_CASE("CP-7 leaves end, and none beyond them says anything") {
    Guest g;
    CHECK(g.ask(0).a <= 0xd);
    CHECK(g.ask(0x80000000).a <= 0x80000008);
    for (u32 const leaf : {3u, 5u, 6u, 9u, 0xau, 0xbu, 0xcu, 0xeu, 0x1fu, 0x40000006u, 0x40000100u,
                           0x80000009u, 0x8000000au, 0x8fffffffu, ~0u})
        CHECK(is_zero(g.ask(leaf)));
}

TEST_CASE("CP-7 what is not switched is not shown") {
    Guest g;
    constexpr u32 fma = bit(12), xsave = bit(26), osxsave = bit(27), avx = bit(28), f16c = bit(29);
    auto const plain = g.ask(1);
    CHECK((plain.c & (fma | xsave | osxsave | avx | f16c)) == 0);
    CHECK((plain.c & bit(31)) != 0);  // a hypervisor
    CHECK(plain.b >> 16 == 0);        // no APIC id
    CHECK((g.ask(7).b & (bit(5) | bit(16))) == 0);
    CHECK((g.ask(7).c & bit(22)) == 0);  // RDPID needs a register of its own
    CHECK(is_zero(g.ask(0xd)));

    arch::features.xsave = arch::features.rdtscp = true;
    arch::features.xcr0_mask = 0xe7;
    auto const full = g.ask(1);
    CHECK(((full.c & xsave) != 0) == ((full.c & osxsave) != 0));
    CHECK(g.ask(0xd).a == 0xe7);
    CHECK(g.ask(0xd).b >= 576);
    CHECK(g.ask(0xd).b <= g.ask(0xd).c);
    CHECK((g.ask(0xd, 1).a & ~7u) == 0);
    CHECK(is_zero(g.ask(0xd, 3)));
    CHECK(is_zero(g.ask(0xd, 63)));
    CHECK(g.ask(0xd, 2).a == arch::cpuid(0xd, 2).a);
}

TEST_CASE("CP-7 features for kernels alone are not shown") {
    Guest g;
    arch::features.xcr0_mask = 0xe7;
    auto const seven = g.ask(7);
    constexpr unsigned smep = 7, invpcid = 10, rtm = 11, mpx = 14, smap = 20;
    for (unsigned const n : {smep, invpcid, rtm, mpx, smap})
        CHECK((seven.b & bit(n)) == 0);
    CHECK((seven.c & (bit(2) | bit(3) | bit(16))) == 0);  // UMIP, PKU, LA57
    CHECK(is_zero(g.ask(7, 1)));
    CHECK((g.ask(1).d & (bit(3) | bit(12) | bit(13) | bit(17))) == 0);  // PSE, MTRR, PGE, PSE36
    CHECK((g.ask(0x80000001).d & (bit(26))) == 0);                      // large pages
    CHECK(g.ask(4).a >> 14 == 0);
    CHECK((g.ask(0x80000008).a >> 8 & 0xff) == 48);
    CHECK((g.ask(0x80000007).d & ~bit(8)) == 0);
    arch::features.amd = true;
    CHECK((g.ask(0x80000001).d & bit(0)) == (g.ask(1).d & bit(0) & arch::cpuid(0x80000001).d));
    CHECK(g.ask(0x80000002).a == arch::cpuid(0x80000002).a);
    CHECK(g.ask(2).a == arch::cpuid(2).a);
}

TEST_CASE("the leaves of Xen name it and its clock") {
    Guest g;
    CHECK(g.ask(0x40000000).a == 0x40000005);
    CHECK(g.ask(0x40000000).b == 0x566e6558);
    CHECK(g.ask(0x40000001).a >> 16 == 4);
    CHECK(g.ask(0x40000002).b == 0x40000000);
    CHECK(g.ask(0x40000003, 0).c == machine::tsc_khz());
    CHECK(g.ask(0x40000003, 2).a == machine::tsc_khz());
    CHECK(is_zero(g.ask(0x40000003, 1)));
    CHECK(is_zero(g.ask(0x40000004)));
    CHECK(g.ask(0x40000005).b <= 44);
}
