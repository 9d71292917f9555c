// SPDX-License-Identifier: MIT
#include "guest-pv/rt/event/collector.hpp"

#include <bit>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/boot/stages.hpp"
#include "guest-pv/rt/event/bits.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt {

namespace {

vcpu_info_t& own_vcpu() {
    return shared_info().vcpu_info[0];
}

// Clears bits one at a time through `visit`, lowest first.
template <class F>
void for_each_bit(u64 bits, F visit) {
    for (; bits != 0; bits &= bits - 1)
        visit(static_cast<usize>(std::countr_zero(bits)));
}

}  // namespace

EventCollector& event_collector() {
    static EventCollector self;
    return self;
}

void EventCollector::start() {
    // The timer is only ever armed for a sleeper's deadline.
    if (!hypercall::vcpu_op(VCPUOP_stop_periodic_timer, VcpuId{0}))
        panic("the periodic timer cannot be stopped");
    auto timer = EventChannel::bind_virq(VIRQ_TIMER);
    if (!timer)
        panic("the timer cannot be bound");
    timer_ = std::move(*timer);
    timer_.on_event([this] { armed_ = never; });
}

// Pending bits are cleared before their handler looks at what they announce:
// an event that comes meanwhile sets its bit anew and is seen next time.
void EventCollector::collect() {
    auto& vcpu = own_vcpu();
    while (exchange_byte(vcpu.evtchn_upcall_pending, 0) != 0)
        for_each_bit(exchange_word(vcpu.evtchn_pending_sel, 0), [&](usize word) {
            u64 const open = ~load_word(shared_info().evtchn_mask[word]);
            u64 const pending = fetch_and_word(shared_info().evtchn_pending[word], ~open) & open;
            for_each_bit(pending, [&](usize bit) { deliver(word * 64 + bit); });
        });
}

void EventCollector::deliver(usize number) {
    counts_.collected++;
    auto* port = ports_[number].get();
    if (port == nullptr)
        return;  // closed with an event on its way
    port->fired = true;
    port->waiters.wake_all();
    if (port->handler)
        port->handler();
}

// A timer that fires before it must costs one look at the clock; setting it
// anew at every block would cost a hypercall each.
void EventCollector::arm_timer(Nanos deadline) {
    if (armed_ <= deadline)
        return;
    vcpu_set_singleshot_timer_t timer{.timeout_abs_ns = static_cast<u64>(deadline), .flags = 0};
    if (!hypercall::vcpu_op(VCPUOP_set_singleshot_timer, VcpuId{0}, timer))
        panic("the timer cannot be set");
    armed_ = deadline;
}

void EventCollector::block_until(Nanos deadline) {
    arm_timer(deadline);
    counts_.blocks++;
    // Unmasks events and sleeps in one step; an event that is pending already
    // ends it at once. The upcall masks them again, other reasons to return
    // do not.
    if (!hypercall::sched_op(SCHEDOP_block))
        panic("the virtual CPU cannot block");
    own_vcpu().evtchn_upcall_mask = 1;
}

void EventCollector::open(EvtchnPort port) {
    ports_[port.raw()] = std::make_unique<Port>();
    unmask_port(port);
}

void EventCollector::close(EvtchnPort port) {
    mask_port(port);
    ports_[port.raw()].reset();
}

void EventCollector::set_handler(EvtchnPort port, std::function<void()> handler) {
    ports_[port.raw()]->handler = std::move(handler);
}

bool EventCollector::wait(EvtchnPort number, Nanos deadline) {
    Port& port = *ports_[number.raw()];
    while (!port.fired)
        if (!port.waiters.wait(deadline))
            return false;
    port.fired = false;
    return true;
}

EventCounts event_counts() {
    return event_collector().counts();
}

void stage::start_events() {
    event_collector().start();
}

}  // namespace rt
