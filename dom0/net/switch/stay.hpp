// SPDX-License-Identifier: MIT
// The stay of a port's station behind a card, from the search for one to the
// proof that the card has let go. The port's owner gives the queue its pages.
#pragma once

#include "dom0/net/switch/cards.hpp"
#include "dom0/net/switch/switch.hpp"

namespace net {

class Stay {
  public:
    // As Cards::house; the port is woken when the queue has something.
    // Errno::opnotsupp: the bridge may not let it live there.
    static Result<std::unique_ptr<Stay>> seek(Switch& net_switch, Cards& cards, PortId port,
                                              nic::Station const& station);
    // leave() for those who do not care about pages any more.
    ~Stay() { static_cast<void>(leave()); }
    Stay(Stay const&) = delete;
    Stay& operator=(Stay const&) = delete;

    [[nodiscard]] nic::OwnQueue& queue() { return home_.residence->queue(); }
    [[nodiscard]] bool settled() const { return settled_; }
    [[nodiscard]] bool delivers() const { return home_.residence->delivers(); }

    // The queue has pages: frames for the station come there. As Switch::settle.
    Result<> settle();
    // OwnQueue::retire. Other threads run meanwhile; what the switch has for the
    // station comes to the port again.
    Result<u32> leave();

  private:
    Stay(Switch& net_switch, PortId port, nic::Mac station, Cards::Home home)
        : switch_{net_switch}, port_{port}, station_{station}, home_{std::move(home)} {}

    Switch& switch_;
    PortId port_;
    nic::Mac station_;
    Cards::Home home_;
    bool settled_ = false;
};

}  // namespace net
