// SPDX-License-Identifier: MIT
// A guest's kernel with one instruction at a time. What it would reach of the
// machine is faked, as in fixture.hpp: each test is a program of its own.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <initializer_list>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/init.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/platform/pci_config.hpp"
#include "arch/platform/ports.hpp"
#include "arch/pv/emulate.hpp"
#include "arch/pv/gdt.hpp"
#include "kernel/abi/hypercall_page.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace privileged {
inline u64 cr4_loaded = 0;
}
void arch::load_guest_cr4(u64 wanted) {
    privileged::cr4_loaded = wanted;
}
Result<u64> arch::rdmsr_safe(Msr) {
    return 0x123456789abc;
}
// No vcpu here runs, and no port is reached.
void arch::load_root(Vcpu&) {
    FAIL("loaded a root");
}
void arch::load_descriptor_windows(Vcpu&) {}
bool arch::port_is_ours(u16) {
    return true;
}
u32 arch::pci_config_read(PciAddress, unsigned) {
    FAIL("read configuration space");
    return 0;
}
void arch::pci_config_write(PciAddress, unsigned, u32) {
    FAIL("wrote configuration space");
}
void arch::pci_config_write_guest(PciAddress, unsigned, u32) {
    FAIL("wrote configuration space");
}
// The virtual TS flag, without the CPU's.
hypercall::Answer hypercall::fpu_taskswitch(Vcpu& v, u32 set) {
    v.arch->ts = set != 0;
    return 0;
}

namespace privileged {

inline constexpr u64 code_va = 0x400000;
inline constexpr u32 msr_efer = 0xc0000080, msr_fs_base = 0xc0000100, msr_tsc_aux = 0xc0000103;

using Bytes = std::initializer_list<u8>;

class Kernel {
    alignas(page_size) std::array<std::byte, page_size> code_{};

  public:
    host::TestDomain domain{1};
    machine::VcpuState state;
    arch::Frame frame{};

    Kernel() {
        arch::features = arch::features_of_host();
        host::reset_cpu();
        vcpu().arch = &state;
        host::guest().clear();
        host::guest().map(Vaddr{code_va}, code_.data(), page_size);
        frame.rip = code_va;
    }
    ~Kernel() {
        vcpu().arch = nullptr;
        state.kernel_root.reset();
        host::guest().clear();
        arch::features = arch::features_of_host();
    }
    Kernel(Kernel const&) = delete;
    Vcpu& vcpu() { return domain.vcpu(); }

    void write(Bytes instruction, u64 at = code_va) {
        std::ranges::copy(std::as_bytes(std::span{instruction}),
                          code_.begin() + static_cast<std::ptrdiff_t>(at - code_va));
        frame.rip = at;
        frame.rflags = arch::flags::rf;
    }
    // Carried out, to its end; or not, and nothing has moved.
    bool runs(Bytes instruction) {
        write(instruction);
        bool const done = pv::emulate_privileged(vcpu(), frame);
        CHECK(frame.rip == code_va + (done ? instruction.size() : 0));
        CHECK((frame.rflags == 0) == done);
        return done;
    }
    bool writes_msr(u32 index, u64 value) {
        frame.rcx = index;
        frame.rax = value & 0xffffffff;
        frame.rdx = value >> 32;
        return runs({0x0f, 0x30});
    }
    bool reads_msr(u32 index) {
        frame.rcx = index;
        return runs({0x0f, 0x32});
    }
    u64 answer() const { return frame.rdx << 32 | frame.rax; }
};

}  // namespace privileged
