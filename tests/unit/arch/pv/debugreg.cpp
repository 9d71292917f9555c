// SPDX-License-Identifier: MIT
// Debug registers of a vcpu that is not running: what is kept of them is what
// the CPU gets.
#include "arch/pv/debugreg.hpp"

#include <catch2/catch_test_macros.hpp>

#include "arch/pv/vcpu_state.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

struct Debugged {
    host::TestDomain domain{1};
    machine::VcpuState state;
    Debugged() { domain.vcpu().arch = &state; }
    ~Debugged() { domain.vcpu().arch = nullptr; }
    Debugged(Debugged const&) = delete;
    bool sets(unsigned reg, u64 value) {
        return pv::set_debug_register(domain.vcpu(), reg, value).has_value();
    }
};

constexpr unsigned type_of(u64 dr7, unsigned breakpoint) {
    return static_cast<unsigned>(dr7 >> (16 + 4 * breakpoint) & 3);
}

}  // namespace

TEST_CASE("CP-3 a breakpoint lies in the guest's memory, to its last byte") {
    Debugged d;
    for (unsigned reg = 0; reg < 4; ++reg) {
        REQUIRE(d.sets(reg, 0x1234));
        for (u64 const bad : {(u64{1} << 47) - 4, u64{1} << 47, machine::hypervisor_start,
                              machine::hypervisor_end - 1, ~u64{0} - 3})
            REQUIRE_FALSE(d.sets(reg, bad));
        REQUIRE(d.state.dr[reg] == 0x1234);
        REQUIRE(d.sets(reg, machine::hypervisor_end));
    }
}

TEST_CASE("CP-3 of DR7 only defined bits are kept, and nobody watches ports") {
    Debugged d;
    for (u64 high = 0; high <= 0xffff; ++high) {
        u64 const asked = high << 16 | 0xffff;
        bool ports = false;
        for (unsigned i = 0; i < 4; ++i)
            ports = ports || type_of(asked, i) == 2;
        if (d.sets(7, asked) == ports)
            FAIL("DR7 " << asked);
        if (!ports && d.state.dr7 != (asked & 0xffff07ff))
            FAIL("DR7 became " << d.state.dr7);
    }
    REQUIRE_FALSE(d.sets(7, u64{1} << 32));
}

TEST_CASE("CP-3 the status register has its fixed bits, and 4 and 5 are 6 and 7") {
    Debugged d;
    REQUIRE(d.sets(4, ~u64{0}));
    REQUIRE(d.state.dr6 == 0xffffeffful);
    REQUIRE(d.sets(6, 0));
    REQUIRE(pv::get_debug_register(d.domain.vcpu(), 4) == u64{0xffff0ff0});
    REQUIRE(d.sets(5, 0));
    REQUIRE(pv::get_debug_register(d.domain.vcpu(), 7) == u64{0x400});
    for (unsigned reg = 8; reg < 16; ++reg)
        REQUIRE_FALSE(d.sets(reg, 0));
}
