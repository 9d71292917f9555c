// SPDX-License-Identifier: MIT
#include "arch/pv/flush.hpp"

#include "arch/mm/tlb.hpp"
#include "kernel/machine/vcpu.hpp"

namespace arch {

Result<machine::CpuMask> cpus_named(Domain const& d, GuestPtr<u64 const> bitmap) {
    static_assert(max_vcpus_per_domain <= 64, "the bitmap is read as one word");
    return machine::cpus_with_translations(d, TRY(bitmap.fetch()));
}

machine::CpuMask local_cpu() {
    return machine::CpuMask{1} << machine::this_cpu().raw();
}

void flush_page(machine::CpuMask cpus, Vaddr va) {
    if (mm::guest_range_ok(va.raw(), 1))
        machine::flush_tlb_page(cpus, va);
}

void flush_own_page(Vaddr va) {
    if (mm::guest_range_ok(va.raw(), 1))
        invalidate_page(va);
}

}  // namespace arch
