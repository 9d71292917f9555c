// SPDX-License-Identifier: MIT
// vcpu_op: which vcpus exist, registered areas, and their refusals.
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/time.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;
constexpr VcpuId boot_vcpu{0};

void check_existence() {
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_is_up, boot_vcpu), 1);
    for (u32 const id : {32u, 4000u, 8191u, ~0u})
        CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_is_up, VcpuId{id}), Errno::noent);
    CHECK_ANSWER(hypercall::vcpu_op(99, boot_vcpu), Errno::nosys);
}

void check_runstate() {
    vcpu_runstate_info_t info{};
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_get_runstate_info, boot_vcpu, info), 0);
    CHECK(info.state == RUNSTATE_running);
    u64 sum = 0;
    for (u64 const t : info.time)
        sum += t;
    CHECK(sum != 0);
    static vcpu_runstate_info_t area{};
    vcpu_register_runstate_memory_area_t reg{};
    reg.addr.v = &area;
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_register_runstate_memory_area, boot_vcpu, reg), 0);
    CHECK(area.state == RUNSTATE_running);
    Nanos const until = now() + millisecond;
    sched_poll_t p{};
    p.timeout = static_cast<u64>(until);
    CHECK_ANSWER(hypercall::sched_op(SCHEDOP_poll, p), 0);
    CHECK(area.time[RUNSTATE_blocked] + area.time[RUNSTATE_runnable] > 0);
    CHECK(area.state == RUNSTATE_running);
}

void check_vcpu_info() {
    auto page = Pages::allocate();
    vcpu_register_vcpu_info_t reg{};
    reg.mfn = page->mfn().raw();
    reg.offset = 4096 - 32;  // would cross the page
    CHECK(hypercall::vcpu_op(VCPUOP_register_vcpu_info, boot_vcpu, reg).has_value() == false);
    reg.offset = 64;
    reg.mfn = u64{1} << 38;
    CHECK(hypercall::vcpu_op(VCPUOP_register_vcpu_info, boot_vcpu, reg).has_value() == false);
    reg.mfn = page->mfn().raw();
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_register_vcpu_info, VcpuId{5000}, reg), Errno::noent);
}

void check_context() {
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_vcpu_op, VCPUOP_initialise, 0, 0x10), Errno::fault);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_up, VcpuId{4000}), Errno::noent);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_up, boot_vcpu), 0);
}

}  // namespace

int main() {
    check_existence();
    check_runstate();
    check_vcpu_info();
    check_context();
    return verdict::finish();
}
