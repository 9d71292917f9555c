// SPDX-License-Identifier: MIT
// The iret hypercall: what becomes of the nine words on a guest's stack.
#include <catch2/catch_test_macros.hpp>

#include <array>

#include "arch/cpu/control_regs.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {
unsigned mode_changes = 0;
}

// Beside what is tested: where registers are, and the change of root.
arch::Frame& machine::regs_of(Vcpu& v) {
    return v.arch->regs;
}
void pv::toggle_mode(Vcpu&) {
    ++mode_changes;
}

namespace {

constexpr u64 stack_page = 0x40000;

class Kernel {
    alignas(page_size) std::array<iret_context, page_size / sizeof(iret_context)> stack_{};

  public:
    host::TestDomain domain{1};
    machine::VcpuState state;

    Kernel() {
        mode_changes = 0;
        host::guest().map(Vaddr{stack_page}, stack_.data(), page_size);
        domain.vcpu().arch = &state;
        state.regs.rsp = stack_page;
        state.regs.vector = 0x100;
    }
    ~Kernel() {
        domain.vcpu().arch = nullptr;
        host::guest().clear();
    }
    Kernel(Kernel const&) = delete;

    iret_context& top() { return stack_.front(); }
    hypercall::Answer iret() { return hypercall::iret(domain.vcpu()); }
    [[nodiscard]] bool lives() const { return domain->life.load() == Domain::Life::running; }
};

}  // namespace

TEST_CASE("EX-6 EX-5 whatever an iret frame holds, the guest stays in ring 3 with interrupts on") {
    Kernel k;
    for (u64 const word : {u64{0}, ~u64{0}, u64{0xe008}, u64{0x3202}, u64{1} << 47}) {
        k.top() = {.rax = 1,
                   .r11 = 2,
                   .rcx = 3,
                   .flags = 0,
                   .rip = word,
                   .cs = word & ~u64{3},
                   .rflags = word,
                   .rsp = word,
                   .ss = word};
        k.state.regs.rsp = stack_page;
        REQUIRE(k.iret() == s64{1});
        REQUIRE((k.state.regs.cs & ~u64{0xffff}) == 0);
        REQUIRE((k.state.regs.cs & 3) == 3);
        REQUIRE((k.state.regs.ss & 3) == 3);
        REQUIRE(k.state.regs.rflags == arch::sanitize_flags(word));
        REQUIRE(k.state.regs.rcx == 3);
        REQUIRE(k.state.regs.vector == 0);  // by IRET, which may fault; SYSRET is for others
        REQUIRE(k.lives());
    }
    REQUIRE(mode_changes == 0);
}

TEST_CASE("EX-6 an iret to user mode without a table for it ends the guest") {
    Kernel k;
    k.top().cs = 0xe033;
    k.iret().value();
    REQUIRE_FALSE(k.lives());
    REQUIRE(mode_changes == 0);
}

TEST_CASE("EX-6 an iret frame that cannot be read ends the guest") {
    for (u64 const rsp : {u64{0}, stack_page + page_size - 64, machine::hypervisor_start, ~u64{0} - 16}) {
        Kernel k;
        k.state.regs.rsp = rsp;
        k.iret().value();
        REQUIRE_FALSE(k.lives());
    }
}
