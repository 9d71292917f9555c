// SPDX-License-Identifier: MIT
// Frames on a guest's kernel stack: where they may lie, what they say, and what
// becomes of a guest that cannot take one.
#include <catch2/catch_test_macros.hpp>

#include <array>

#include "arch/cpu/control_regs.hpp"
#include "arch/pv/trap.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

// Only a guest in user mode changes its root on the way, and none here is.
void arch::load_root(Vcpu&) {
    FAIL("changed the root");
}

namespace {

constexpr u64 stack_page = 0x40000, handler = 0x1000;
constexpr u64 low_end = u64{1} << 47;

// A guest's kernel with one page of stack and a handler for everything.
class Kernel {
    alignas(page_size) std::array<u64, 512> stack_{};

  public:
    host::TestDomain domain{1};
    machine::VcpuState state;
    arch::Frame frame{};

    Kernel() {
        host::guest().clear();
        host::guest().map(Vaddr{stack_page}, stack_.data(), page_size);
        vcpu().arch = &state;
        state.traps.fill({handler, 0xe033, 0, false});
        frame = {};
        frame.rip = 0x5000;
        frame.cs = 0xe033;
        frame.ss = 0xe02b;
        frame.rflags = 0x3202;
        frame.rsp = stack_page + page_size;
    }
    ~Kernel() {
        vcpu().arch = nullptr;
        host::guest().clear();
    }
    Kernel(Kernel const&) = delete;

    Vcpu& vcpu() { return domain.vcpu(); }
    [[nodiscard]] bool lives() const { return domain->life.load() == Domain::Life::running; }
    // The word at an address of the stack page.
    [[nodiscard]] u64 word(u64 va) const { return stack_[(va - stack_page) / 8]; }
    [[nodiscard]] bool stack_is_untouched() const {
        for (u64 const w : stack_)
            if (w != 0)
                return false;
        return true;
    }
};

}  // namespace

TEST_CASE("EX-3 a trap's frame lies below the stack pointer and says what was interrupted") {
    Kernel k;
    pv::reflect(k.vcpu(), k.frame, 13, 0x18);
    REQUIRE(k.lives());
    u64 const at = k.frame.rsp;
    REQUIRE(at == stack_page + page_size - 64);
    REQUIRE(k.word(at + 16) == 0x18);
    REQUIRE(k.word(at + 24) == 0x5000);
    REQUIRE((k.word(at + 32) & 3) == 0);  // the kernel was interrupted
    REQUIRE(k.word(at + 48) == stack_page + page_size);
    REQUIRE(k.frame.rip == handler);
    REQUIRE((k.frame.rflags & (arch::flags::iopl | arch::flags::if_)) == arch::flags::if_);
}

TEST_CASE("EX-3 a frame that does not lie wholly in the guest's writable memory ends the guest") {
    for (u64 const rsp : {u64{0}, u64{8}, u64{63}, stack_page, stack_page + 48, low_end, low_end + 64,
                          machine::hypervisor_start, machine::hypervisor_start + 4096,
                          machine::hypervisor_end, machine::hypervisor_end + 32, ~u64{0}}) {
        INFO("stack pointer " << rsp);
        Kernel k;
        k.frame.rsp = rsp;
        pv::reflect(k.vcpu(), k.frame, 14, 2);
        REQUIRE_FALSE(k.lives());
        REQUIRE(k.stack_is_untouched());
        REQUIRE(k.frame.rip == 0x5000);  // no handler is entered
    }
}

TEST_CASE("EX-3 a stack that is read-only ends the guest") {
    Kernel k;
    alignas(page_size) static std::array<std::byte, page_size> constant{};
    host::guest().map(Vaddr{stack_page}, constant.data(), page_size, false);
    pv::reflect(k.vcpu(), k.frame, 6);
    REQUIRE_FALSE(k.lives());
}

TEST_CASE("EX-9 a guest without the handler that is needed ends, and is not entered at 0") {
    for (bool const failsafe : {false, true}) {
        Kernel k;
        k.state.traps[6] = {};
        if (failsafe)
            pv::bounce_failsafe(k.vcpu(), k.frame, {});
        else
            pv::reflect(k.vcpu(), k.frame, 6);
        REQUIRE_FALSE(k.lives());
        REQUIRE(k.frame.rip == 0x5000);
    }
}

TEST_CASE("EX-4 an NMI is delivered once, and another only after the guest's iret") {
    Kernel k;
    u64 const top = k.frame.rsp;
    k.state.nmi_pending = true;
    pv::deliver_pending(k.vcpu(), k.frame);
    u64 const after_one = k.frame.rsp;
    REQUIRE(after_one < top);
    REQUIRE_FALSE(k.state.nmi_pending.load());
    k.state.nmi_pending = true;
    pv::deliver_pending(k.vcpu(), k.frame);
    REQUIRE(k.frame.rsp == after_one);
    k.state.nmi_blocked = false;
    pv::deliver_pending(k.vcpu(), k.frame);
    REQUIRE(k.frame.rsp < after_one);
    REQUIRE(k.lives());
}
