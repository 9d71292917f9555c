// SPDX-License-Identifier: MIT
// Privileged instructions of a guest's kernel: what is carried out, and what is
// left to fault. Instructions that would reach the CPU's own registers are for
// guest tests.
#include "tests/unit/arch/pv/privileged_kernel.hpp"

using namespace privileged;

TEST_CASE("D6 what is not on the list is left to fault, with nothing done") {
    Kernel k;
    for (u8 const opcode : Bytes{0xf4, 0x90, 0xcc, 0xcf, 0x6c, 0x9d})
        CHECK_FALSE(k.runs({opcode}));
    for (u8 const second : Bytes{0x00, 0x07, 0x05, 0x0b, 0x78, 0xc7})
        CHECK_FALSE(k.runs({0x0f, second, 0xc0}));
    CHECK_FALSE(k.runs({0xf0, 0x0f, 0x06}));  // LOCK
}

TEST_CASE("D6 an instruction is read as far as it is mapped, and not outside of the guest") {
    Kernel k;
    u64 const last = code_va + page_size - 2;
    k.write({0x0f, 0x09}, last);
    CHECK(pv::emulate_privileged(k.vcpu(), k.frame));
    k.write({0x0f}, last + 1);
    CHECK_FALSE(pv::emulate_privileged(k.vcpu(), k.frame));
    std::array<u8, pv::max_instruction> bytes{};
    for (u64 const rip : {u64{0x500000}, machine::hypervisor_start, (u64{1} << 47) - 1}) {
        k.frame.rip = rip;
        CHECK(pv::fetch_instruction(k.frame, bytes) == 0);
        CHECK_FALSE(pv::emulate_forced(k.vcpu(), k.frame));
    }
}

TEST_CASE("PT-20 user mode has none of the kernel's instructions") {
    Kernel k;
    k.state.kernel_mode = false;
    for (u8 const second : Bytes{0x06, 0x08, 0x09, 0x20, 0x22, 0x30, 0x32})
        CHECK_FALSE(k.runs({0x0f, second, 0xd8}));
    CHECK_FALSE(k.runs({0xfa}));
    k.state.iopl = 3;
    CHECK(k.runs({0xfa}));
    CHECK(k.runs({0xfb}));
}

TEST_CASE("CP-6 control registers are the guest's own, of the bits it may have") {
    Kernel k;
    arch::features.fsgsbase = true;
    k.frame.rax = ~u64{0};
    CHECK(k.runs({0x0f, 0x22, 0xe0}));  // mov cr4, rax
    CHECK(cr4_loaded == (arch::cr4::tsd | arch::cr4::de | arch::cr4::osxsave | arch::cr4::fsgsbase));
    CHECK(k.state.cr4_guest == cr4_loaded);
    arch::features.fsgsbase = false;
    CHECK(k.runs({0x0f, 0x22, 0xe0}));
    CHECK((cr4_loaded & arch::cr4::fsgsbase) == 0);

    k.frame.rbx = 0xffff888000001000;
    CHECK(k.runs({0x0f, 0x22, 0xd3}));  // mov cr2, rbx
    CHECK(k.runs({0x0f, 0x20, 0xd1}));  // mov rcx, cr2
    CHECK(k.frame.rcx == 0xffff888000001000);
    for (u8 const none : Bytes{0xc8, 0xe8, 0xf0, 0xf8}) {  // 1, 5, 6, 7
        CHECK_FALSE(k.runs({0x0f, 0x20, none}));
        CHECK_FALSE(k.runs({0x0f, 0x22, none}));
    }
    CHECK_FALSE(k.runs({0x44, 0x0f, 0x20, 0xc0}));  // CR8
}

TEST_CASE("CP-6 the virtual TS flag is set and cleared") {
    Kernel k;
    k.state.ts = true;
    CHECK(k.runs({0x0f, 0x06}));
    CHECK_FALSE(k.state.ts);
}

TEST_CASE("PT-19 a root is another of the domain's tables, or it stays") {
    Kernel k;
    k.frame.rax = maddr_of(host::hole_start).raw();
    CHECK_FALSE(k.runs({0x0f, 0x22, 0xd8}));
}

TEST_CASE("CP-3 debug registers go through their checks") {
    Kernel k;
    k.frame.rax = 0x1234;
    CHECK(k.runs({0x0f, 0x23, 0xc0}));  // mov dr0, rax
    CHECK(k.runs({0x0f, 0x21, 0xc3}));  // mov rbx, dr0
    CHECK(k.frame.rbx == 0x1234);
    k.frame.rax = machine::hypervisor_start;
    CHECK_FALSE(k.runs({0x0f, 0x23, 0xc0}));
}

TEST_CASE("CP-4 XCR0 has only what is switched, whole") {
    Kernel k;
    auto const sets = [&](u64 value, u32 index = 0) {
        k.frame.rcx = index;
        k.frame.rax = value & 0xffffffff;
        k.frame.rdx = value >> 32;
        return k.runs({0x0f, 0x01, 0xd1});
    };
    CHECK_FALSE(sets(1));  // no XSAVE
    arch::features.xsave = true;
    arch::features.xcr0_mask = 0xe7;
    for (u64 const bad : {u64{0}, u64{6}, u64{5}, u64{0xe3}, u64{0x67}, u64{0xf}, u64{1} << 63 | 1})
        CHECK_FALSE(sets(bad));
    CHECK_FALSE(sets(3, 1));
    CHECK(k.state.xcr0 == 1);
    CHECK_FALSE(k.runs({0x0f, 0x01, 0xd0}));
    CHECK_FALSE(k.runs({0x0f, 0x01}));
}

TEST_CASE("CP-1 ports need the virtual IOPL, or their bit in the guest's own map") {
    Kernel k;
    k.frame.rax = ~u64{0};
    for (u8 const in : Bytes{0xec, 0xed})
        CHECK_FALSE(k.runs({in}));
    CHECK_FALSE(k.runs({0xe4, 0x80}));
    k.state.iopl = 1;
    // CP-2: what a domain without the right reads.
    k.frame.rax = 0x1122334455667788;
    CHECK(k.runs({0xec}));
    CHECK(k.frame.rax == 0x11223344556677ff);
    CHECK(k.runs({0x66, 0xed}));
    CHECK(k.frame.rax == 0x112233445566ffff);
    CHECK(k.runs({0xe5, 0x80}));
    CHECK(k.frame.rax == 0xffffffff);
    CHECK(k.runs({0xee}));
    CHECK(k.runs({0xe7, 0x80}));
    k.state.kernel_mode = false;
    CHECK_FALSE(k.runs({0xee}));
}

TEST_CASE("the clock is read by all ways, and with its vcpu's number where there is one") {
    Kernel k;
    host::cpu().now = 0x500000007;
    CHECK(k.runs({0x0f, 0x31}));
    CHECK(k.answer() == 0x500000007);
    CHECK_FALSE(k.runs({0x0f, 0x01, 0xf9}));
    arch::features.rdtscp = true;
    k.state.tsc_aux = 77;
    CHECK(k.runs({0x0f, 0x01, 0xf9}));
    CHECK(k.frame.rcx == 77);
}

TEST_CASE("a page of hypercalls is written into the guest's own memory alone") {
    Kernel k;
    Mfn const page = k.domain.new_frame();
    CHECK(k.writes_msr(0x40000000, maddr_of(page).raw()));
    std::array<std::byte, page_size> expected{};
    abi::fill_hypercall_page(expected);
    CHECK(std::ranges::equal(expected, std::span{machine::frame_as<std::byte>(page), page_size}));
    CHECK_FALSE(k.writes_msr(0x40000000, maddr_of(page).raw() + 8));
    CHECK_FALSE(k.writes_msr(0x40000000, maddr_of(host::hole_start).raw()));
    host::TestDomain other{2};
    CHECK_FALSE(k.writes_msr(0x40000000, maddr_of(other.new_frame()).raw()));
}

TEST_CASE("CP-7 CPUID by a fault and by the forced prefix answer alike") {
    Kernel k;
    CHECK_FALSE(k.runs({0x0f, 0xa2}));  // this CPU does not fault on it
    arch::features.cpuid_faulting = true;
    for (u64 const leaf : {0u, 1u, 7u, 0xdu, 0x40000000u, 0x80000001u, 0x99999999u}) {
        k.frame.rax = leaf;
        k.frame.rcx = 0;
        REQUIRE(k.runs({0x0f, 0xa2}));
        auto const faulted = k.frame;
        k.write({0x0f, 0x0b, 'x', 'e', 'n', 0x0f, 0xa2});
        k.frame.rax = leaf;
        k.frame.rcx = 0;
        REQUIRE(pv::emulate_forced(k.vcpu(), k.frame));
        CHECK(k.frame.rip == code_va + 7);
        CHECK(k.frame.rax == faulted.rax);
        CHECK(k.frame.rbx == faulted.rbx);
        CHECK(k.frame.rcx == faulted.rcx);
        CHECK(k.frame.rdx == faulted.rdx);
    }
    k.write({0x0f, 0x0b, 'x', 'e', 'm', 0x0f, 0xa2});
    CHECK_FALSE(pv::emulate_forced(k.vcpu(), k.frame));
}
