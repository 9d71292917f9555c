// SPDX-License-Identifier: MIT
#include "dom0/net/switch/stay.hpp"

#include "drivers/io/clock.hpp"

namespace net {

Result<std::unique_ptr<Stay>> Stay::seek(Switch& net_switch, Cards& cards, PortId port,
                                         nic::Station const& station) {
    auto home = TRY(cards.house(station, [&net_switch, port] { net_switch.wake(port); }));
    if (!net_switch.may_settle(port, station.mac, home.card))
        return Fail{Errno::opnotsupp};
    return std::unique_ptr<Stay>{new Stay{net_switch, port, station.mac, std::move(home)}};
}

// The switch first: what it still gets from the card's common queue it then
// sends through the card again.
Result<> Stay::settle() {
    TRY_VOID(switch_.settle(port_, station_, home_.card, *home_.residence));
    settled_ = true;
    queue().steer();
    return {};
}

// To stop a card takes a while, in which the switch goes on. So first the ways
// to it are closed, after what is on them has gone; then frames wait at the port.
Result<u32> Stay::leave() {
    if (settled_) {
        switch_.flush(home_.card, io::now());
        switch_.move_out(port_);
        settled_ = false;
    }
    return queue().retire();
}

}  // namespace net
