// SPDX-License-Identifier: MIT
#include "tests/guest/registers/upcalls.hpp"

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "tests/guest/registers/probe.hpp"
#include "tests/guest/verdict.hpp"

extern "C" void event_upcall();

namespace upcall {
namespace {

using namespace rt;

void take_events_at(void (*entry)()) {
    callback_register_t c{};
    c.type = CALLBACKTYPE_event;
    c.flags = CALLBACKF_mask_events;
    c.address = reinterpret_cast<u64>(entry);
    CHECK_ANSWER(hypercall::callback_op(CALLBACKOP_register, c), 0);
}

vcpu_info_t& own_vcpu() {
    return rt::shared_info().vcpu_info[0];
}

void let_in() {
    __atomic_store_n(&own_vcpu().evtchn_upcall_mask, u8{0}, __ATOMIC_SEQ_CST);
}

}  // namespace

Noted::Noted() {
    upcall_pending = &own_vcpu().evtchn_upcall_pending;
    take_events_at(note_upcall);
}
Noted::~Noted() {
    take_events_at(event_upcall);
}

void begin() {
    rt::yield();  // takes what is there already
    upcalls = 0;
}

void end() {
    __atomic_store_n(&own_vcpu().evtchn_upcall_mask, u8{1}, __ATOMIC_SEQ_CST);
    __atomic_store_n(upcall_pending, u8{1}, __ATOMIC_SEQ_CST);
}

// One tick may be taken before events are let in; another one follows.
bool interrupted(Nanos period) {
    vcpu_set_periodic_timer_t timer{.period_ns = static_cast<u64>(period)};
    begin();
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_set_periodic_timer, VcpuId{0}, timer), 0);
    let_in();
    probe_interrupt();
    end();
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_stop_periodic_timer, VcpuId{0}), 0);
    u64 const behind = reinterpret_cast<u64>(probe_interrupt_end);
    constexpr u64 spin_bytes = 9;  // a comparison and a jump
    return upcalls == 1 && interrupted_at >= behind - spin_bytes && interrupted_at < behind;
}

}  // namespace upcall

namespace {

using namespace probe;

constexpr u64 by_syscall = bit(rcx) | bit(r11);
constexpr u64 any_flags = u64{1} << 22;

// What SYSRET leaves there is the guest's, too: where it goes on, and flags.
bool are_own(u64 in_rcx, u64 in_r11, void const* next) {
    return (in_rcx == registers_before[rcx] || in_rcx == reinterpret_cast<u64>(next)) &&
           (in_r11 == registers_before[r11] || in_r11 < any_flags);
}

// An event that waits is delivered on the way back from the call that lets events in.
void check_on_return() {
    auto const channel = rt::EventChannel::bind_ipi();
    NEED(channel);
    upcall::begin();
    channel->notify();
    fill(1);
    registers_before[rax] = __HYPERVISOR_sched_op;
    registers_before[rdi] = SCHEDOP_block;
    probe_hypercall();
    upcall::end();
    CHECK(upcalls == 1);
    CHECK(interrupted_at == reinterpret_cast<u64>(probe_hypercall_end));
    for (auto* const noted : {&registers_inside, &registers_after}) {
        CHECK(alike(*noted, registers_before, bit(rax) | by_syscall));
        CHECK((*noted)[rax] == 0);
    }
    CHECK(are_own(registers_inside[rcx], registers_inside[r11], reinterpret_cast<void const*>(note_upcall)));
    CHECK(are_own(registers_after[rcx], registers_after[r11], probe_hypercall_end));
    CHECK(are_own(pushed_rcx, pushed_r11, probe_hypercall_end));
    CHECK(floating_is_kept(floating_inside, vectors_inside));
    CHECK(floating_is_kept(floating_after, vectors_after));
}

// Nothing that the guest does leads there, but the timer.
void check_in_the_middle() {
    unsigned tries = 0;
    do
        fill(2);
    while (!upcall::interrupted(rt::millisecond) && ++tries < 1000);
    CHECK(tries < 1000);
    CHECK(alike(registers_inside, registers_before, by_syscall));
    CHECK(are_own(registers_inside[rcx], registers_inside[r11], reinterpret_cast<void const*>(note_upcall)));
    CHECK(pushed_rcx == registers_before[rcx] && pushed_r11 == registers_before[r11]);
    CHECK(alike(registers_after, registers_before, 0));
    CHECK(floating_is_kept(floating_inside, vectors_inside));
    CHECK(floating_is_kept(floating_after, vectors_after));
}

}  // namespace

// EX-8 CP-4: an upcall finds what was interrupted, nothing of the hypervisor's, and so does
// what goes on afterwards, by either way back
void check_upcalls() {
    upcall::Noted const noted;
    for (bool const by_hypercall : {false, true}) {
        leaves_by_hypercall = by_hypercall;
        check_on_return();
        check_in_the_middle();
    }
    leaves_by_hypercall = false;
}
