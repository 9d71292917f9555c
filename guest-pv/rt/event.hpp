// SPDX-License-Identifier: MIT
// Event channels. An event never interrupts code of this guest: the upcall
// stays masked while threads run, and the scheduler collects what is pending
// whenever a thread gives up the CPU. Handlers therefore need no locks; they
// run between threads, must not block, and usually just wake a thread.
#pragma once

#include <functional>

#include "guest-pv/rt/time.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace rt {

// Owns one port and closes it at its end.
class EventChannel {
  public:
    // A port that `peer` may bind to; its number goes to the peer by xenstore.
    static Result<EventChannel> alloc_unbound(DomId peer);
    static Result<EventChannel> bind_interdomain(DomId peer, EvtchnPort remote);
    // From other virtual CPUs of this guest to the first one.
    static Result<EventChannel> bind_ipi();
    static Result<EventChannel> bind_virq(u32 virq);
    static Result<EventChannel> bind_pirq(u32 pirq);
    // A port the domain builder made: console and store. It is never closed.
    static EventChannel adopt(EvtchnPort port);

    EventChannel() = default;
    EventChannel(EventChannel&& other) noexcept;
    EventChannel& operator=(EventChannel&& other) noexcept;
    ~EventChannel();

    [[nodiscard]] explicit operator bool() const { return port_ != EvtchnPort{}; }
    [[nodiscard]] EvtchnPort port() const { return port_; }

    // Kick the other end.
    void notify() const;

    // Replaces what happens when the port fires.
    void on_event(std::function<void()> handler) const;

    // Sleep until the port fires; an event since the last wait counts. False
    // when `deadline` passed first.
    bool wait(Nanos deadline = never) const;

    // A masked port collects at most one event, delivered by unmask().
    void mask() const;
    void unmask() const;

  private:
    EventChannel(EvtchnPort port, bool owned);

    EvtchnPort port_{};
    bool owned_ = false;
};

struct EventCounts {
    u64 collected = 0;  // events handled
    u64 sent = 0;       // notifications made
    u64 blocks = 0;     // times the virtual CPU was given back
};
EventCounts event_counts();

}  // namespace rt
