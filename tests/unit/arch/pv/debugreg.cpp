// SPDX-License-Identifier: MIT
// Debug registers of a vcpu: what is kept of them, and when the CPU gets it.
#include "arch/pv/debugreg.hpp"

#include <catch2/catch_test_macros.hpp>

#include "arch/pv/vcpu_state.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "tests/host/debug_registers.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

struct Debugged {
    host::TestDomain domain;
    machine::VcpuState state;
    explicit Debugged(u16 id = 1) : domain{id} {
        domain.vcpu().arch = &state;
        host::reset_cpu();
        host::debug_registers() = {};
    }
    ~Debugged() {
        domain.vcpu().arch = nullptr;
        host::reset_cpu();
    }
    Debugged(Debugged const&) = delete;
    void runs() {
        host::cpu().current = &domain.vcpu();
        pv::load_debug_registers(domain.vcpu());
    }
    void stops() {
        pv::unload_debug_registers(domain.vcpu());
        host::cpu().current = nullptr;
    }
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

TEST_CASE("CP-3 breakpoints are in the CPU while their vcpu runs, and only then") {
    Debugged one{1}, other{2};
    auto const& cpu = host::debug_registers();
    for (unsigned reg = 0; reg < 4; ++reg)
        REQUIRE(one.sets(reg, 0x1000 + reg));
    REQUIRE(one.sets(7, 0xff));
    CHECK(cpu.dr7 == arch::dr7_none);
    CHECK(cpu.address == std::array<u64, 4>{});

    one.runs();
    CHECK(cpu.dr7 == 0x4ff);
    CHECK(cpu.address == std::array<u64, 4>{0x1000, 0x1001, 0x1002, 0x1003});
    one.stops();
    CHECK(cpu.dr7 == arch::dr7_none);
    other.runs();
    CHECK(cpu.dr7 == arch::dr7_none);
    other.stops();

    REQUIRE(other.sets(1, 0x2000));
    REQUIRE(other.sets(7, 0xc));
    one.runs();
    one.stops();
    other.runs();
    CHECK(cpu.dr7 == 0x40c);
    CHECK(cpu.address == std::array<u64, 4>{0, 0x2000, 0, 0});
}

TEST_CASE("CP-3 what a running vcpu sets takes effect at once, and a refusal has none") {
    Debugged d;
    auto const& cpu = host::debug_registers();
    d.runs();
    REQUIRE(d.sets(2, 0x3000));
    CHECK(cpu.address[2] == 0);  // nobody looks at it yet
    REQUIRE(d.sets(7, 0x30));
    CHECK(cpu.address[2] == 0x3000);
    CHECK(cpu.dr7 == 0x430);
    REQUIRE_FALSE(d.sets(2, machine::hypervisor_start));
    REQUIRE_FALSE(d.sets(7, u64{2} << 24 | 0x30));
    CHECK(cpu.address[2] == 0x3000);
    CHECK(cpu.dr7 == 0x430);
    REQUIRE(d.sets(7, 0));
    CHECK(cpu.dr7 == arch::dr7_none);
}

TEST_CASE("CP-3 what was hit is told to the vcpu that ran, with nothing of the CPU's own") {
    Debugged one{1}, other{2};
    auto& cpu = host::debug_registers();
    one.runs();
    cpu.dr6 = ~u64{0};
    pv::collect_debug_status(one.domain.vcpu());
    CHECK(one.state.dr6 == (arch::dr6_nothing | 0xe00f));
    CHECK(cpu.dr6 == arch::dr6_nothing);
    one.stops();
    other.runs();
    cpu.dr6 = arch::dr6_nothing | 2;
    pv::collect_debug_status(other.domain.vcpu());
    cpu.dr6 = arch::dr6_nothing | 1;
    pv::collect_debug_status(other.domain.vcpu());
    CHECK((other.state.dr6 & 0xf) == 3);  // until the guest clears them
    CHECK(one.state.dr6 == (arch::dr6_nothing | 0xe00f));
}

TEST_CASE("a guest's kernel reads and writes its debug registers by hypercall") {
    Debugged d;
    Vcpu& v = d.domain.vcpu();
    REQUIRE(hypercall::set_debugreg(v, 3, 0x5000));
    CHECK(hypercall::get_debugreg(v, 3) == s64{0x5000});
    CHECK(hypercall::set_debugreg(v, 3, machine::hypervisor_start) == Fail{Errno::perm});
    for (u32 const reg : {8u, ~0u}) {
        CHECK(hypercall::set_debugreg(v, reg, 0) == Fail{Errno::inval});
        CHECK(hypercall::get_debugreg(v, reg) == Fail{Errno::inval});
    }
    CHECK(hypercall::get_debugreg(v, 3) == s64{0x5000});
}
