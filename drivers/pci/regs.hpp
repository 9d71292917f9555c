// SPDX-License-Identifier: MIT
// Configuration space, as the PCI Local Bus Specification 3.0, chapter 6 lays
// it out. A register is 16 or 32 bits wide and accessed at that width: some
// hypervisors refuse an access that covers more than the register.
#pragma once

#include "drivers/io/reg.hpp"

namespace pci {

using io::Field;
using io::Reg;

struct Identity : Reg<u32, 0x00> {
    using Vendor = Field<Identity, 15, 0>;  // all ones: nothing there
    using Device = Field<Identity, 31, 16>;
};

struct Command : Reg<u16, 0x04> {
    using MemorySpace = Field<Command, 1>;
    using BusMaster = Field<Command, 2>;
    using InterruptDisable = Field<Command, 10>;
};

struct Status : Reg<u16, 0x06> {
    using CapabilitiesList = Field<Status, 4>;
};

struct ClassRevision : Reg<u32, 0x08> {
    using Revision = Field<ClassRevision, 7, 0>;
    using Class = Field<ClassRevision, 31, 16>;  // base class and subclass
};
inline constexpr u32 class_pci_bridge = 0x0604;

struct HeaderType : Reg<u32, 0x0c> {
    using Layout = Field<HeaderType, 22, 16>;
    using MultiFunction = Field<HeaderType, 23>;
};

struct BaseAddress : io::RegArray<u32, 0x10, 4, 6> {
    using IoSpace = Field<BaseAddress, 0>;
    using Type = Field<BaseAddress, 2, 1>;  // 0: 32 bits wide, 2: 64
    using Prefetchable = Field<BaseAddress, 3>;
};
inline constexpr u32 memory_bar_flags = 0xf;

// Layout 0. Who built the card, rather than its chip.
struct Subsystem : Reg<u32, 0x2c> {
    using Vendor = Field<Subsystem, 15, 0>;
    using Device = Field<Subsystem, 31, 16>;
};

// Layout 1, a bridge: PCI-to-PCI Bridge Architecture 1.2, section 3.2.
struct BusNumbers : Reg<u32, 0x18> {
    using Secondary = Field<BusNumbers, 15, 8>;
    using Subordinate = Field<BusNumbers, 23, 16>;
};

struct CapabilityPointer : Reg<u32, 0x34> {
    using First = Field<CapabilityPointer, 7, 0>;
};

// Heads each capability, wherever it is.
struct CapabilityHead : Reg<u32, 0> {
    using Id = Field<CapabilityHead, 7, 0>;
    using Next = Field<CapabilityHead, 15, 8>;
};

// Section 6.8.2, at the offset of the capability.
struct MsixControl : Reg<u16, 2> {
    using LastEntry = Field<MsixControl, 10, 0>;
    using MaskAll = Field<MsixControl, 14>;
    using Enable = Field<MsixControl, 15>;
};
struct MsixTable : Reg<u32, 4> {
    using Bar = Field<MsixTable, 2, 0>;
};

}  // namespace pci
