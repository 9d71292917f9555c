// SPDX-License-Identifier: MIT
// The thread of the switch.
#include <algorithm>

#include "dom0/net/switch/switch.hpp"
#include "dom0/net/trail/trail.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace net {

void Switch::wake(PortId port) {
    if (trail::on) [[unlikely]]
        trail::note({.step = mark::Step::interrupt, .owner = static_cast<u16>(port.raw())});
    pending_.add(port);
    wake_.wake_one();
}

void Switch::run() {
    Nanos next_tick = 0;
    for (;;) {
        Nanos const now = rt::now();
        if (now >= next_tick) {
            tick(now);
            next_tick = now + rt::second;
        }
        round(now);
        if (busy())
            rt::yield();
        else
            wake_.wait(std::min(next_tick, next_retry()));
    }
}

}  // namespace net
