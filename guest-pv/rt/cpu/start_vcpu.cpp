// SPDX-License-Identifier: MIT
#include "guest-pv/rt/cpu/start_vcpu.hpp"

#include <memory>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace rt {

Result<> start_vcpu(VcpuId vcpu, void (*entry)(void*), void* argument, std::span<std::byte> stack) {
    // As a call would leave it: a return address short of 16 bytes.
    u64 const top = (hypercall::address(stack.data() + stack.size()) & ~u64{15}) - sizeof(u64);
    // Larger than a thread's stack should have to hold.
    auto const context = std::make_unique<vcpu_guest_context_t>();
    context->flags = VGCF_in_kernel;
    context->user_regs.rip = reinterpret_cast<u64>(entry);
    context->user_regs.rdi = reinterpret_cast<u64>(argument);
    context->user_regs.rsp = context->kernel_sp = top;
    context->user_regs.cs = FLAT_KERNEL_CS;
    context->user_regs.ss = FLAT_KERNEL_SS;
    context->kernel_ss = FLAT_KERNEL_SS;
    context->ctrlreg[3] = maddr_of(mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base))).raw();
    TRY_VOID(hypercall::vcpu_op(VCPUOP_initialise, vcpu, *context));
    TRY_VOID(hypercall::vcpu_op(VCPUOP_up, vcpu));
    return {};
}

}  // namespace rt
