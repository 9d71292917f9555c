// SPDX-License-Identifier: MIT
#include "tests/guest/smp/crew.hpp"

#include <array>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

namespace crew {
namespace {

using namespace rt;

constexpr u32 most = 8;
constexpr usize stack_bytes = 32768;

alignas(16) std::array<std::array<std::byte, stack_bytes>, most> stacks;
std::array<std::atomic<void (*)(u32)>, most> works{};
std::atomic<u32> arrived{0};

void run(u64 vcpu) {
    auto const me = static_cast<u32>(vcpu);
    works[me].load()(me);
    static_cast<void>(hypercall::vcpu_op(VCPUOP_down, VcpuId{me}).has_value());
    for (;;)
        pause();
}

void describe(u32 vcpu, vcpu_guest_context_t& c) {
    c = {};
    c.flags = VGCF_in_kernel;
    c.user_regs.rip = reinterpret_cast<u64>(&run);
    // As after a call: 8 below a multiple of 16.
    c.user_regs.rsp = reinterpret_cast<u64>(stacks[vcpu].data() + stack_bytes - sizeof(u64));
    c.user_regs.rdi = vcpu;
    c.user_regs.cs = FLAT_KERNEL_CS;
    c.user_regs.ss = FLAT_KERNEL_SS;
    c.kernel_sp = c.user_regs.rsp;
    c.kernel_ss = FLAT_KERNEL_SS;
    Mfn const root = mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base));
    c.ctrlreg[3] = maddr_of(root).raw();
}

}  // namespace

u32 size() {
    u32 n = 1;
    while (n < most && hypercall::vcpu_op(VCPUOP_is_up, VcpuId{n}))
        ++n;
    return n;
}

s64 initialise(u32 vcpu) {
    vcpu_guest_context_t context;
    describe(vcpu, context);
    return verdict::raw(hypercall::vcpu_op(VCPUOP_initialise, VcpuId{vcpu}, context));
}

void start(u32 vcpu, void (*work)(u32)) {
    works[vcpu].store(work);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_up, VcpuId{vcpu}), 0);
}

void meet() {
    static u32 const all = size();
    u32 const goal = (arrived.fetch_add(1) / all + 1) * all;
    while (arrived.load() < goal)
        pause();
}

void pause() {
    static_cast<void>(hypercall::sched_op(SCHEDOP_yield).has_value());
}

}  // namespace crew
