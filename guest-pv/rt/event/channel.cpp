// SPDX-License-Identifier: MIT
#include <utility>

#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/event/bits.hpp"
#include "guest-pv/rt/event/collector.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/power.hpp"

namespace rt {

namespace {

// Binds with the ABI's structure for `op`, gives the port it was filled with.
template <class Bind>
Result<EvtchnPort> bind(int op, Bind request, evtchn_port_t Bind::*port) {
    TRY_VOID(hypercall::event_channel_op(op, request));
    return EvtchnPort{request.*port};
}

}  // namespace

Result<EventChannel> EventChannel::alloc_unbound(DomId peer) {
    evtchn_alloc_unbound_t const request{.dom = DOMID_SELF, .remote_dom = peer.raw(), .port = 0};
    return EventChannel{TRY(bind(EVTCHNOP_alloc_unbound, request, &evtchn_alloc_unbound_t::port)), true};
}

Result<EventChannel> EventChannel::bind_interdomain(DomId peer, EvtchnPort remote) {
    evtchn_bind_interdomain_t const request{
        .remote_dom = peer.raw(), .remote_port = remote.raw(), .local_port = 0};
    return EventChannel{TRY(bind(EVTCHNOP_bind_interdomain, request, &evtchn_bind_interdomain_t::local_port)),
                        true};
}

Result<EventChannel> EventChannel::bind_ipi() {
    evtchn_bind_ipi_t const request{.vcpu = 0, .port = 0};
    return EventChannel{TRY(bind(EVTCHNOP_bind_ipi, request, &evtchn_bind_ipi_t::port)), true};
}

Result<EventChannel> EventChannel::bind_virq(u32 virq) {
    evtchn_bind_virq_t const request{.virq = virq, .vcpu = 0, .port = 0};
    return EventChannel{TRY(bind(EVTCHNOP_bind_virq, request, &evtchn_bind_virq_t::port)), true};
}

Result<EventChannel> EventChannel::bind_pirq(u32 pirq) {
    evtchn_bind_pirq_t const request{.pirq = pirq, .flags = BIND_PIRQ__WILL_SHARE, .port = 0};
    return EventChannel{TRY(bind(EVTCHNOP_bind_pirq, request, &evtchn_bind_pirq_t::port)), true};
}

EventChannel EventChannel::adopt(EvtchnPort port) {
    return EventChannel{port, false};
}

EventChannel::EventChannel(EvtchnPort port, bool owned) : port_{port}, owned_{owned} {
    event_collector().open(port);
}

EventChannel::EventChannel(EventChannel&& other) noexcept
    : port_{std::exchange(other.port_, {})}, owned_{other.owned_} {}

EventChannel& EventChannel::operator=(EventChannel&& other) noexcept {
    std::swap(port_, other.port_);
    std::swap(owned_, other.owned_);
    return *this;
}

EventChannel::~EventChannel() {
    if (!*this)
        return;
    event_collector().close(port_);
    evtchn_close_t request{.port = port_.raw()};
    if (owned_ && !hypercall::event_channel_op(EVTCHNOP_close, request))
        panic("an event channel of ours cannot be closed");
}

void EventChannel::notify() const {
    event_collector().count_notification();
    evtchn_send_t request{.port = port_.raw()};
    // Fails only for a port that is not open, and this one is.
    if (!hypercall::event_channel_op(EVTCHNOP_send, request))
        panic("an event channel of ours cannot be notified");
}

void EventChannel::on_event(std::function<void()> handler) const {
    event_collector().set_handler(port_, std::move(handler));
}

bool EventChannel::wait(Nanos deadline) const {
    return event_collector().wait(port_, deadline);
}

void EventChannel::mask() const {
    mask_port(port_);
}

void EventChannel::unmask() const {
    unmask_port(port_);
}

}  // namespace rt
