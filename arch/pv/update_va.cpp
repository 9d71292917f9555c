// SPDX-License-Identifier: MIT
// update_va_mapping: one L1 entry, named by the address it maps.
#include "arch/pv/flush.hpp"
#include "arch/pv/subjects.hpp"
#include "kernel/machine/vcpu.hpp"
#include "arch/pv/table_update.hpp"
#include "arch/pv/table_write.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace {

using namespace arch;

Result<> update(Vcpu& v, Vaddr va, u64 desired, Authority const& frames) {
    auto const at = find_l1_entry(v, va);
    if (!at)
        return Fail{Errno::inval};
    auto const lock = TRY(at->lock(v.domain.memory));
    return update_l1(lock, at->address, {.desired = desired}, frames);
}

Result<machine::CpuMask> cpus_for(Vcpu& v, u64 where) {
    switch (where) {
        case UVMF_LOCAL:
            return local_cpu();
        case UVMF_ALL:
            return machine::cpus_with_translations(v.domain);
        default:
            return cpus_named(v.domain, GuestPtr<u64 const>{where});
    }
}

Result<> flush(Vcpu& v, Vaddr va, u64 flags) {
    u64 const what = flags & UVMF_FLUSHTYPE_MASK;
    if (what == UVMF_NONE)
        return {};
    machine::CpuMask const cpus = TRY(cpus_for(v, flags & ~UVMF_FLUSHTYPE_MASK));
    if (what == UVMF_TLB_FLUSH)
        machine::flush_tlb(cpus);
    else if (what == UVMF_INVLPG)
        flush_page(cpus, va);
    return {};
}

}  // namespace

namespace hypercall {

Answer update_va_mapping(Vcpu& v, u64 va, u64 entry, u64 flags) {
    TRY_VOID(update(v, Vaddr{va}, entry, own_authority(v.domain.memory)));
    TRY_VOID(flush(v, Vaddr{va}, flags));
    return 0;
}

Answer update_va_mapping_otherdomain(Vcpu& v, u64 va, u64 entry, u64 flags, u32 domid) {
    FrameSource const frames = TRY(FrameSource::resolve(v.domain, domid));
    TRY_VOID(update(v, Vaddr{va}, entry, frames.authority()));
    TRY_VOID(flush(v, Vaddr{va}, flags));
    return 0;
}

}  // namespace hypercall
