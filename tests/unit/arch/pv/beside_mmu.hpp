// SPDX-License-Identifier: MIT
// What lies beside and above mmu_update and mmuext_op, faked for one program:
// the linker takes these answers before it looks into archives.
#pragma once

#include <vector>

#include "arch/pv/roots.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/machine/vcpu.hpp"

namespace arch {
void load_root(Vcpu&) {}
void load_descriptor_windows(Vcpu&) {}
void forget_ldt_pages(Vcpu&) {}
}  // namespace arch

namespace machine {
void vcpu_destroy(Vcpu&) {}
CpuMask cpus_with_translations(Domain const&, u64) {
    return 1;
}
}  // namespace machine

namespace domains {
Result<DomainRef> resolve(Domain&, DomId) {
    return Fail{Errno::perm};
}
void reap_soon() {}
}  // namespace domains

namespace beside {
// The arguments that an interrupted call goes on with.
inline std::vector<u64> continued_with;
}  // namespace beside
void hypercall::continue_with(std::span<u64 const> args) {
    beside::continued_with.assign(args.begin(), args.end());
}
