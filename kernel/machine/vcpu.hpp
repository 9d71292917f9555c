// SPDX-License-Identifier: MIT
// What the core asks of the machine about a virtual CPU's own state.
#pragma once

#include "kernel/base/result.hpp"
#include "kernel/machine/memory.hpp"

struct Vcpu;
struct Domain;
struct vcpu_guest_context;
struct PageInfo;
enum class PageType : u8;

namespace machine {

// Allocates v.arch; the vcpu has no context yet.
Result<> vcpu_create(Vcpu& v);
void vcpu_destroy(Vcpu& v);
// Gives up every page-table, GDT and LDT reference the vcpu holds; preemptible.
Result<> vcpu_release_memory(Vcpu& v);

// Calls f for every frame that the vcpu's machine state refers to, and as what;
// PageType{}: by a general reference alone. For the audit.
using FrameVisit = void (*)(PageInfo& page, PageType held_as, void* context);
void vcpu_visit_frames(Vcpu const& v, FrameVisit f, void* context);

// Checks a context as written by a guest or the toolstack (SC-2, DT-2, DT-4)
// and loads it. Takes the references it names. exist: already initialised.
Result<> vcpu_set_context(Vcpu& v, vcpu_guest_context const& c);
// What the toolstack may read back; zero-filled where it may not.
void vcpu_get_context(Vcpu const& v, vcpu_guest_context& c);

// Marks that this vcpu must look at its events before it next runs guest code.
// A vcpu that runs on another CPU is interrupted there.
void vcpu_notify(Vcpu& v);

// The CPUs whose TLB may hold something of the page tables of these vcpus: bit n
// of `vcpus` is vcpu n. Entries changed before the question are what a CPU sees
// that loads one of them later.
CpuMask cpus_with_translations(Domain const& d, u64 vcpus = ~u64{0});

// Delivers an NMI through the trap table at the next chance.
void vcpu_send_nmi(Vcpu& v);

// Which instructions for port I/O fault: by privilege level, and by a bitmap in
// the guest's memory of the first `ports` ports, a set bit forbidding one.
void vcpu_set_iopl(Vcpu& v, unsigned iopl);
void vcpu_set_io_bitmap(Vcpu& v, Vaddr at, u32 ports);

}  // namespace machine
