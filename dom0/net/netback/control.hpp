// SPDX-License-Identifier: MIT
// A control ring mapped, with the event channel to its frontend.
#pragma once

#include "dom0/net/netback/control_ring.hpp"
#include "dom0/net/netback/grant_copies.hpp"
#include "dom0/net/netback/offer.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/map.hpp"

namespace netback {

class Control {
  public:
    // `wake` runs when the frontend signals.
    static Result<std::unique_ptr<Control>> create(Peer peer, ControlKeys const& keys,
                                                   std::vector<StaticGrants*> queues, nic::PacketPool& pool,
                                                   std::function<void()> wake);

    Control(Control const&) = delete;
    Control& operator=(Control const&) = delete;

    // As those of the ring.
    void offer_pages(ControlRing::FindPages find) { ring_.offer_pages(std::move(find)); }
    [[nodiscard]] std::shared_ptr<BackendPages> const& used_pages() const { return ring_.used_pages(); }

    // True when there are requests left. Errno::range: the ring makes no sense.
    Result<bool> serve();

  private:
    Control(rt::GrantMapping page, rt::EventChannel event, Peer peer, nic::PacketRef list,
            std::vector<StaticGrants*> queues);

    rt::GrantMapping page_;
    GrantCopies copies_;
    ControlRing ring_;
    rt::EventChannel event_;
};

}  // namespace netback
