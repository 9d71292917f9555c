// SPDX-License-Identifier: MIT
// Physical interrupts as the core sees them: a pirq is a small number that a
// domain with devices binds to an event channel. It belongs to the domain that
// it was mapped for, and nobody else can use it (IO-6).
#pragma once

#include <span>
#include <string_view>

#include "kernel/base/result.hpp"

namespace machine {

using Pirq = Strong<struct PirqTag, u32>;
inline constexpr u32 max_pirqs = 256;

struct MsiRequest {
    u16 segment;
    u8 bus;
    u8 devfn;
    u16 entry;       // index into the MSI-X table
    u64 table_base;  // machine address of the table; 0: plain MSI
};

// A vector and a programmed, masked MSI or MSI-X entry. IO-5: only the
// hypervisor composes MSI address and data.
// nodev: no such device or capability; nospc: no vector left; inval
Result<Pirq> map_msi(MsiRequest const& r, DomId owner);
// A pirq for an IO-APIC input (gsi). inval when there is no such input; busy
// when another domain has it.
Result<Pirq> map_gsi(u32 gsi, DomId owner);
// inval: not mapped for this domain.
Result<> unmap_pirq(Pirq p, DomId owner);
// All that were mapped for a domain and are not bound any more.
void unmap_pirqs_of(DomId owner);
[[nodiscard]] bool is_pirq_of(Pirq p, DomId owner);

// Opens or closes the line. While bound, each interrupt calls
// evtchn::raise_pirq(pirq).
Result<> enable_pirq(Pirq p, bool level_ok);
void disable_pirq(Pirq p);
// The guest has handled a level-triggered interrupt.
void eoi_pirq(Pirq p);
// Whether the hypervisor needs PHYSDEVOP_eoi for it (level-triggered lines).
bool pirq_needs_eoi(Pirq p);

// What there is to see of them.
struct IrqLine {
    bool mapped = false;
    bool message = false;  // else an input of the IO-APIC
    bool level = false;
    bool open = false;
    u8 vector = 0;
};
IrqLine line_of(Pirq p);
// Vectors that the hypervisor uses for itself.
struct OwnInterrupt {
    u8 vector;
    std::string_view name;
};
std::span<OwnInterrupt const> own_interrupts();
// How many a CPU has had; unknown: with vectors that nobody had claimed (IO-7).
u64 interrupts(CpuId cpu, u8 vector);
u64 unknown_interrupts(CpuId cpu);

}  // namespace machine
