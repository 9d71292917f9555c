// SPDX-License-Identifier: MIT
// Slot 256, the M2P, is for kernel mode only. A root that serves both modes
// shows it: such a guest has its kernel in the same address space anyway.
#include "arch/pv/roots.hpp"

#include "arch/mm/paging.hpp"
#include "arch/pv/closing.hpp"
#include "arch/pv/guest_view.hpp"
#include "arch/pv/ldt.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/mm/table_lock.hpp"

namespace arch {
namespace {

bool is_kernel_root(Domain const& d, PageInfo const& page) {
    for (Vcpu const* v : d.all_vcpus())
        if (v && v->arch && v->arch->kernel_root && &*v->arch->kernel_root == &page)
            return true;
    return false;
}

// Under the table's lock, so that vcpus agree on who uses it and what it shows.
// The root is held, hence valid.
void settle_m2p_slot(Domain const& d, TypeRef const& root) {
    auto const lock = mm::TableLock::take(*root, PageType::l4);
    ASSERT(lock.has_value());
    u64 const wanted = is_kernel_root(d, *root) ? hypervisor_slots()[0] : 0;
    u64* const slot = machine::frame_as<u64>(root.mfn()) + first_hv_slot;
    if (*slot == wanted)
        return;
    __atomic_store_n(slot, wanted, __ATOMIC_RELEASE);
    show_in_view(slot - first_hv_slot, first_hv_slot);
}

}  // namespace

Result<> set_kernel_root(Vcpu& v, Mfn root) {
    TRY_VOID(finish_closing(v));
    machine::VcpuState& s = *v.arch;
    TypeRef old = TRY(take_table(v, root, PageType::l4, v.domain.memory));
    forget_ldt_pages(v);
    std::swap(s.kernel_root, old);
    settle_m2p_slot(v.domain, s.kernel_root);
    if (&v == machine::current())
        load_root(v);
    if (!old)
        return {};
    settle_m2p_slot(v.domain, old);
    park(v, mm::put_type(*old.release()));
    return {};
}

Result<> set_user_root(Vcpu& v, Mfn root) {
    TRY_VOID(finish_closing(v));
    TypeRef old;
    if (root != Mfn{0}) {
        old = TRY(take_table(v, root, PageType::l4, v.domain.memory));
        settle_m2p_slot(v.domain, old);
    }
    // Hypercalls come from kernel mode, so this root is not the loaded one.
    std::swap(v.arch->user_root, old);
    if (old)
        park(v, mm::put_type(*old.release()));
    return {};
}

}  // namespace arch
