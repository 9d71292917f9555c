// SPDX-License-Identifier: MIT
// The network in a domain of its own: cards, the switch and netbacks, which the
// control domain can end and start again while guests run.
#include "dom0/control/granite.hpp"
#include "dom0/net/correspondence.hpp"
#include "dom0/net/policy/words.hpp"
#include "dom0/net/service.hpp"
#include "guest-pv/rt/power.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"

namespace {

// Where guests run is known to who controls them. Without it, mode `guest-copy`
// copies here.
net::Processors no_processors() {
    return {.cpu_of = [](DomId, VcpuId) -> Result<u32> { return Fail{Errno::perm}; },
            .pin = [](VcpuId, u32) -> Result<> { return Fail{Errno::perm}; }};
}

DomId own_number(rt::xenbus::Connection& store) {
    auto const text = store.read("domid");
    auto const number = text ? policy::number<u16>(*text) : std::nullopt;
    if (!number)
        rt::panic("the store does not say which domain this is");
    return DomId{*number};
}

}  // namespace

int main() {
    auto* const store = rt::xenbus::connection();
    if (store == nullptr)
        rt::panic("there is no store to find guests' interfaces in");
    auto const network = net::start(*store, no_processors());
    if (!network)
        rt::panic("the network cannot be started: not enough memory");
    net::correspondence::serve(*store,
                               {**network,
                                own_number(*store),
                                {control::granite::record_for_walk, control::granite::recorded_since}});
    rt::WaitQueue nothing;
    for (;;)
        nothing.wait();
}
