// SPDX-License-Identifier: MIT
// The cards of the driver domain, for interfaces that look for a home.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "dom0/net/bridge/bridge.hpp"
#include "dom0/net/switch/nic_port.hpp"

namespace net {

class Cards {
  public:
    struct Home {
        bridge::PortId card;
        std::unique_ptr<Residence> residence;
    };

    void add(bridge::PortId id, std::unique_ptr<NicPort> port) { all_.push_back({id, std::move(port)}); }

    // Behind the first card with a link that has queues left; Errno::busy: none
    // has. Without a link a card may not even deliver from one guest to another.
    // Errno::exist: the station lives behind one of them.
    // Nothing longer than what the card carries will come to it there.
    Result<Home> house(nic::Station station, nic::OwnWake const& wake) {
        u32 const longest = station.max_frame;
        for (Card& card : all_) {
            if (!card.port->nic().link_up())
                continue;
            station.max_frame = std::min(longest, card.port->nic().max_frame());
            auto residence = card.port->house(station, wake);
            if (residence)
                return Home{card.id, std::move(*residence)};
            if (residence.error() == Errno::exist)
                return Fail{Errno::exist};
        }
        return Fail{Errno::busy};
    }

    // Queues that all cards with a link together have for stations.
    [[nodiscard]] u32 own_queues() const {
        u32 count = 0;
        for (Card const& card : all_)
            count += card.port->nic().link_up() ? card.port->nic().own_queues() : 0;
        return count;
    }

    // In the order they were added; null: there are not so many.
    [[nodiscard]] NicPort* at(usize number) {
        return number < all_.size() ? all_[number].port.get() : nullptr;
    }

    template <class Visit>
    void for_each(Visit visit) const {
        for (Card const& card : all_)
            visit(*card.port);
    }

  private:
    struct Card {
        bridge::PortId id;
        std::unique_ptr<NicPort> port;
    };
    std::vector<Card> all_;
};

}  // namespace net
