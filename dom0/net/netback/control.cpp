// SPDX-License-Identifier: MIT
#include "dom0/net/netback/control.hpp"

namespace netback {

Result<std::unique_ptr<Control>> Control::create(Peer peer, ControlKeys const& keys,
                                                 std::vector<StaticGrants*> queues, nic::PacketPool& pool,
                                                 std::function<void()> wake) {
    auto list = pool.take();
    if (!list)
        return Fail{Errno::nobufs};
    auto page = TRY(rt::GrantMapping::map(peer.domain, keys.ring, rt::Access::read_write));
    auto event = TRY(rt::EventChannel::bind_interdomain(peer.domain, keys.event));
    event.on_event(std::move(wake));
    return std::unique_ptr<Control>{
        new Control{std::move(page), std::move(event), peer, std::move(list), std::move(queues)}};
}

Control::Control(rt::GrantMapping page, rt::EventChannel event, Peer peer, nic::PacketRef list,
                 std::vector<StaticGrants*> queues)
    : page_{std::move(page)},
      copies_{peer},
      ring_{page_.data(), copies_, std::move(list), std::move(queues)},
      event_{std::move(event)} {}

Result<bool> Control::serve() {
    auto const served = TRY(ring_.serve());
    if (served.notify)
        event_.notify();
    return served.more;
}

}  // namespace netback
