// SPDX-License-Identifier: MIT
// A PV vcpu's machine state. While the vcpu runs, its general registers live in
// the frame at the top of that CPU's stack; everything else is here always.
#pragma once

#include <array>

#include "arch/cpu/frame.hpp"
#include "arch/mm/layout.hpp"
#include "kernel/abi/xen.hpp"
#include "kernel/domain/vcpu.hpp"
#include "kernel/mm/page.hpp"

namespace machine {

// One row of the virtual trap table.
struct TrapGate {
    u64 address = 0;
    u16 cs = 0;
    u8 dpl = 0;
    bool masks_events = false;
};

struct Callback {
    u64 address = 0;
    bool masks_events = false;
};

struct alignas(64) VcpuState {
    // The CPU, and 1, whose TLB may hold translations of this vcpu; 0: none.
    // Written by that CPU.
    std::atomic<u32> loaded_on{0};

    u64 serial = 0;  // no vcpu before or after has this number

    // Saved while the vcpu is not loaded on a CPU.
    arch::Frame regs{};
    u16 ds = 0, es = 0, fs = 0, gs = 0;
    u64 fs_base = 0;
    u64 gs_base_kernel = 0;  // the GS base of guest-kernel mode
    u64 gs_base_user = 0;    // and of guest-user mode

    bool kernel_mode = true;  // the virtual privilege level
    bool ts = false;          // virtual CR0.TS
    u8 iopl = 0;              // virtual IOPL
    u64 io_bitmap = 0;        // of the ports below io_bitmap_ports, in the kernel's address space
    u32 io_bitmap_ports = 0;
    std::atomic<bool> nmi_pending{false};  // set by any CPU
    bool nmi_blocked = false;
    bool syscall_masks_events = false;

    u64 kernel_sp = 0;
    u16 kernel_ss = 0;

    std::array<TrapGate, 256> traps{};
    Callback event, failsafe, syscall, syscall32, nmi;

    // Roots held for CR3; the user root may be empty.
    TypeRef kernel_root;
    TypeRef user_root;
    PageRef closing;  // a root being let go of whose devalidation is not done

    // Guest descriptor tables: typed frames, mapped in the CPU's window while
    // the vcpu is loaded.
    std::array<TypeRef, arch::guest_gdt_pages> gdt_frames{};
    u32 gdt_entries = 0;
    u64 ldt_base = 0;
    u32 ldt_entries = 0;
    std::array<TypeRef, arch::ldt_window_pages> ldt_frames{};  // filled at first use

    u64 cr4_guest = 0;  // the guest's own view of CR4
    u64 xcr0 = 1;
    std::array<u64, 4> dr{};
    u64 dr6 = 0xffff0ff0;
    u64 dr7 = 0x400;
    u32 tsc_aux = 0;

    void* xsave_area = nullptr;  // alloc_frames, order xsave_order
};

// Registers of a vcpu wherever they are now.
arch::Frame& regs_of(Vcpu& v);

}  // namespace machine

namespace arch {

// Loads CR3 and, when it is the loaded vcpu, everything that depends on the
// vcpu's roots: called by NEW_BASEPTR and by mode switches.
void load_root(Vcpu& v);
// Puts the vcpu's GDT and LDT pages into this CPU's window again after they
// changed (set_gdt, SET_LDT, lazily faulted LDT page).
void load_descriptor_windows(Vcpu& v);

}  // namespace arch
