// SPDX-License-Identifier: MIT
// The closed list of what is emulated for a guest (contract: the Xen PV ABI).
// Each returns true when the instruction was carried out and RIP moved on;
// false: reflect the fault.
#pragma once

#include "arch/pv/instruction.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/base/result.hpp"

namespace pv {

// #GP(0): control and debug registers, MSRs, ports, cli/sti, cpuid, ...
bool emulate_privileged(Vcpu& v, arch::Frame& f);
// #UD: `ud2; .ascii "xen"; cpuid`.
bool emulate_forced(Vcpu& v, arch::Frame& f);
// #PF: a store to an L1 table that the guest maps read-only (PT-18).
bool emulate_page_table_write(Vcpu& v, arch::Frame& f, Vaddr at);

// Bytes at RIP, as many as are mapped, at most max_instruction.
usize fetch_instruction(arch::Frame const& f, std::span<u8, max_instruction> into);

// The parts, one file each. Failure means #GP for the guest.
Result<u64> read_msr(Vcpu& v, u32 index);
Result<> write_msr(Vcpu& v, u32 index, u64 value);
Result<u32> port_in(Vcpu& v, u16 port, unsigned bytes);
Result<> port_out(Vcpu& v, u16 port, unsigned bytes, u32 value);

// What CPUID says to this vcpu (CP-7).
struct CpuidAnswer {
    u32 a, b, c, d;
};
CpuidAnswer cpuid_policy(Vcpu& v, u32 leaf, u32 subleaf);

}  // namespace pv
