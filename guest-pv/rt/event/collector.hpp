// SPDX-License-Identifier: MIT
// The receiving end of all event channels: finds pending ports in the shared
// page (two-level bitmap), runs their handlers, and blocks the virtual CPU.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"

namespace rt {

class EventCollector {
  public:
    static constexpr usize ports = 4096;

    void start();
    void collect();
    void block_until(Nanos deadline);

    void open(EvtchnPort port);
    void close(EvtchnPort port);
    void set_handler(EvtchnPort port, std::function<void()> handler);
    bool wait(EvtchnPort port, Nanos deadline);
    void count_notification() { counts_.sent++; }
    [[nodiscard]] EventCounts const& counts() const { return counts_; }

  private:
    struct Port {
        std::function<void()> handler;
        WaitQueue waiters;
        bool fired = false;
    };

    void deliver(usize port);
    void arm_timer(Nanos deadline);

    std::array<std::unique_ptr<Port>, ports> ports_;
    EventChannel timer_;
    Nanos armed_ = never;  // when the timer will fire
    EventCounts counts_;
};

EventCollector& event_collector();

}  // namespace rt
