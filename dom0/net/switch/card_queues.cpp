// SPDX-License-Identifier: MIT
#include "dom0/net/switch/card_queues.hpp"

namespace net {
namespace {

CardQueue common_of(usize number, NicPort const& card) {
    CardQueue all{.card = number, .queues = card.nic().queues(), .counters = card.nic().counters()};
    for (Outgoing const& outgoing : card.outgoing()) {
        all.tx_waiting += outgoing.waiting();
        all.tx_room += outgoing.room();
        all.overruns += outgoing.overruns();
    }
    all.flawed = card.flawed();
    return all;
}

CardQueue own_of(usize number, Residence const& guest) {
    return {.card = number,
            .own = guest.station(),
            .tx_waiting = guest.outgoing().waiting(),
            .tx_room = guest.outgoing().room(),
            .rx_room = guest.queue().room(),
            .counters = guest.queue().counters(),
            .overruns = guest.overruns()};
}

}  // namespace

std::vector<CardQueue> queues_of(Cards const& cards) {
    std::vector<CardQueue> all;
    usize number = 0;
    cards.for_each([&](NicPort const& card) {
        all.push_back(common_of(number, card));
        for (Residence const* const guest : card.neighbours().present)
            all.push_back(own_of(number, *guest));
        ++number;
    });
    return all;
}

}  // namespace net
