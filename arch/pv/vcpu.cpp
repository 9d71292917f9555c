// SPDX-License-Identifier: MIT
// Life and context of a vcpu's machine state.
#include <new>

#include "arch/cpu/fpu.hpp"
#include "arch/pv/closing.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/sched/sched.hpp"

namespace {

constexpr unsigned state_order = sizeof(machine::VcpuState) <= page_size ? 0 : 1;
static_assert(sizeof(machine::VcpuState) <= page_size << state_order);

constinit std::atomic<u64> serials{1};

Result<> drop(Vcpu& v, TypeRef& held) {
    if (held)
        arch::park(v, mm::put_type(*held.release()));
    return arch::finish_closing(v);
}

template <usize N>
Result<> drop_all(Vcpu& v, std::array<TypeRef, N>& held) {
    for (TypeRef& r : held)
        TRY_VOID(drop(v, r));
    return {};
}

}  // namespace

namespace machine {

Result<> vcpu_create(Vcpu& v) {
    Mfn const state = TRY(mm::alloc_frames(state_order));
    auto const area = mm::alloc_frames(arch::fpu_area_order());
    if (!area) {
        mm::free_frames(state, state_order);
        return Fail{area.error()};
    }
    v.arch = new (frame_ptr(state)) VcpuState{};
    v.arch->serial = serials.fetch_add(1);
    v.arch->xsave_area = frame_ptr(*area);
    arch::reset_fpu_area(v.arch->xsave_area);
    return {};
}

void vcpu_destroy(Vcpu& v) {
    if (!v.arch)
        return;
    mm::free_frames(frame_of(v.arch->xsave_area), arch::fpu_area_order());
    v.arch->~VcpuState();
    mm::free_frames(frame_of(v.arch), state_order);
    v.arch = nullptr;
}

Result<> vcpu_release_memory(Vcpu& v) {
    VcpuState& s = *v.arch;
    TRY_VOID(arch::finish_closing(v));
    TRY_VOID(drop(v, s.user_root));
    TRY_VOID(drop(v, s.kernel_root));
    TRY_VOID(drop_all(v, s.gdt_frames));
    s.gdt_entries = 0;
    TRY_VOID(drop_all(v, s.ldt_frames));
    s.ldt_entries = 0;
    return {};
}

void vcpu_send_nmi(Vcpu& v) {
    v.arch->nmi_pending.store(true);
    vcpu_notify(v);
    sched::wake(v);
}

void vcpu_set_iopl(Vcpu& v, unsigned iopl) {
    v.arch->iopl = static_cast<u8>(iopl & 3);
}

void vcpu_set_io_bitmap(Vcpu& v, Vaddr at, u32 ports) {
    v.arch->io_bitmap = at.raw();
    v.arch->io_bitmap_ports = ports;
}

}  // namespace machine
