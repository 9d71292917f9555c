// SPDX-License-Identifier: MIT
#include "guest-pv/apps/havoc/worker.hpp"

#include <array>
#include <utility>

#include "guest-pv/apps/havoc/layout.h"
#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/rt/cpu/start_vcpu.hpp"
#include "guest-pv/rt/memory/pages.hpp"

extern "C" {
void havoc_exception();
void havoc_event();
[[noreturn]] void havoc_go_on(havoc::Worker* worker);
}

namespace havoc {
namespace {

using namespace rt;

constexpr u32 most_workers = 8;
constexpr usize scratch_pages = 2;
constexpr u64 rest_between_repairs = 16;
constexpr u8 exceptions = 20;

struct alignas(HAVOC_STACK_SIZE) Stack {
    Worker* owner;
    std::array<std::byte, HAVOC_STACK_SIZE - sizeof(Worker*)> rest;
};
std::array<Stack, most_workers> stacks;

// Whatever it says is not wanted: these have no way to fail but a broken hypervisor's.
void take_exceptions() {
    std::array<trap_info_t, exceptions + 1> table{};
    for (u8 v = 0; v < exceptions; ++v)
        table[v] = {.vector = v,
                    .flags = 0,
                    .cs = FLAT_KERNEL_CS,
                    .address = reinterpret_cast<u64>(&havoc_exception)};
    hypercall::raw(__HYPERVISOR_set_trap_table, hypercall::address(table.data()));
}

void take_callback(u16 type, void (*entry)()) {
    callback_register_t c{
        .type = type, .flags = CALLBACKF_mask_events, .address = reinterpret_cast<u64>(entry)};
    hypercall::raw(__HYPERVISOR_callback_op, CALLBACKOP_register, hypercall::address(&c));
}

}  // namespace

void Worker::repair() {
    constexpr u64 dr7 = 7;
    hypercall::raw(__HYPERVISOR_fpu_taskswitch, 0);
    hypercall::raw(__HYPERVISOR_set_debugreg, dr7, 0);
    take_exceptions();
    take_callback(CALLBACKTYPE_event, havoc_event);
    take_callback(CALLBACKTYPE_failsafe, havoc_exception);
}

std::byte* Worker::room(Random& r, usize bytes) {
    if (bytes > free_)
        return reinterpret_cast<std::byte*>(hostile_address(r));
    free_ -= bytes;
    return scratch_.data() + free_;
}

Result<> Worker::start(u32 id, u64 seed, Selection const& selection) {
    if (id == 0 || id > most_workers)
        return Fail{Errno::inval};
    id_ = id;
    seed_ = seed;
    selection_ = selection;
    auto pages = TRY(Pages::allocate(scratch_pages));
    std::array<Mfn, scratch_pages> const frames{pages.mfn(0), pages.mfn(1)};
    scratch_ = TRY(FrameMapping::map(frames, hypercall::self, Access::read_write));
    pages.release();
    Stack& stack = stacks[id - 1];
    stack.owner = this;
    auto const entry = [](void* worker) { static_cast<Worker*>(worker)->run(); };
    return start_vcpu(VcpuId{id}, entry, this, std::as_writable_bytes(std::span{&stack, 1}));
}

void Worker::run() {
    if (begun_++ != 0)
        ++counts_.exceptions;
    repair();
    for (auto next = selection_.next(step_); next; next = selection_.next(step_)) {
        step_ = *next + 1;
        if (step_ % rest_between_repairs == 0)
            repair();
        free_ = scratch_.bytes().size();
        Random r{seed_, id_, *next};
        rule(r)(*this, r);
    }
    done_ = true;
    for (;;)
        hypercall::raw(__HYPERVISOR_vcpu_op, VCPUOP_down, id_);
}

}  // namespace havoc

void havoc_go_on(havoc::Worker* worker) {
    worker->run();
}
