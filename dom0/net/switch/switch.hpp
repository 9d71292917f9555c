// SPDX-License-Identifier: MIT
// The packet path: one thread polls the ports that have something, lets the
// bridge decide, and flushes the ports that got something. Ports with events
// off cost nothing until they ask for attention again.
#pragma once

#include <array>

#include "dom0/net/bridge/bridge.hpp"
#include "dom0/net/bridge/port_set.hpp"
#include "dom0/net/switch/port.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "kernel/base/result.hpp"

namespace net {

using bridge::PortId;

class Switch {
  public:
    // The port stays the caller's and is detached before it dies.
    Result<PortId> attach(Port& port);
    void detach(PortId port);

    // Something happened at this port: from event handlers.
    void wake(PortId port);

    // Forward frames for ever.
    [[noreturn]] void run();

    // One turn for everybody who has something.
    void round(Nanos now);
    [[nodiscard]] bool busy() const { return !pending_.empty(); }
    void tick(Nanos now);
    // When there is something to do even without an event.
    [[nodiscard]] Nanos next_retry() const { return next_retry_; }

  private:
    void poll(PortId id, Nanos now);
    void delay(PortId id, Nanos until);
    void end_delays();
    void forward(nic::PacketRef&& packet, PortId from, Nanos now);
    void send(nic::PacketRef&& packet, PortId to);

    bridge::Bridge bridge_;
    std::array<Port*, bridge::max_ports> ports_{};
    bridge::PortSet present_;
    bridge::PortSet pending_;  // to be polled
    bridge::PortSet dirty_;    // to be flushed
    bridge::PortSet idle_;     // to be armed at the end of the round
    bridge::PortSet delayed_;  // to be polled at next_retry_
    Nanos next_retry_ = rt::never;
    std::array<nic::PacketRef, poll_budget> batch_{};
    rt::WaitQueue wake_;
};

}  // namespace net
