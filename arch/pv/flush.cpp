// SPDX-License-Identifier: MIT
#include "arch/pv/flush.hpp"

namespace arch {

machine::CpuMask cpus_of(Domain const& d, u64 vcpus) {
    machine::CpuMask cpus = 0;
    for (Vcpu const* v : d.all_vcpus())
        if (v && (vcpus >> v->id.raw() & 1) != 0)
            cpus |= machine::CpuMask{1} << v->sched.cpu.load().raw();
    return cpus;
}

Result<machine::CpuMask> cpus_named(Domain const& d, GuestPtr<u64 const> bitmap) {
    static_assert(max_vcpus_per_domain <= 64, "the bitmap is read as one word");
    return cpus_of(d, TRY(bitmap.fetch()));
}

machine::CpuMask local_cpu() {
    return machine::CpuMask{1} << machine::this_cpu().raw();
}

void flush_page(machine::CpuMask cpus, Vaddr va) {
    if (mm::guest_range_ok(va.raw(), 1))
        machine::flush_tlb_page(cpus, va);
}

}  // namespace arch
