// SPDX-License-Identifier: MIT
// How the frames of a virtual interface cross: what is wanted, what there is for
// it, and the change from one to the other.
#include <utility>

#include "dom0/net/netback/granted_pages.hpp"
#include "dom0/net/netback/vif.hpp"
#include "kernel/abi/backend_pages.hpp"

namespace netback {

// What has to be looked at, or shown to others, does not go past the switch.
bool Vif::may_have_queue() const {
    if (!port_ || port_->is_broken() || refused_ || only_by_switch_ || mirror())
        return false;
    switch (wanted_) {
        case Mode::queue:
            return true;
        case Mode::guest_copy:
            return port_->reads_our_pages();
        case Mode::automatic:
            return !port_->wants_aggregation();
        case Mode::copy:
        case Mode::mapped:
            break;
    }
    return false;
}

Vif::Way Vif::way_now() const {
    bool const declared = port_ && port_->declared_pages() != 0;
    if (has_share_)
        return {wanted_ == Mode::guest_copy ? Mode::guest_copy : Mode::queue, true};
    if (wanted_ == Mode::automatic)
        return {declared ? Mode::mapped : Mode::copy};
    return {wanted_ == Mode::queue ? Mode::mapped : wanted_};
}

void Vif::follow_mode() {
    Mode const wanted = read_mode(around_.store, backend_);
    if (std::exchange(wanted_, wanted) != wanted)
        refused_ = false;
    bool const card_died = port_ && port_->has_card() && !port_->card_is_good();
    if (has_share_ && (card_died || !may_have_queue()))
        has_share_ = false;
    set_way();
    offer_pages();
}

void Vif::set_way() {
    Way const now = way_now();
    bool const changed = std::exchange(way_, now) != now;
    bool const may_move = changed || now.by_card;
    if (!port_ || !may_move)
        return;
    auto const set = changed ? port_->set_mode(now.mode, now.by_card) : port_->follow_traffic();
    if (set)
        return;
    has_share_ = false;
    way_ = way_now();
    static_cast<void>(port_->set_mode(way_.mode, false));
    if (set.error() == Errno::busy || set.error() == Errno::again)
        return;
    refused_ = true;
    complain("no queue of a card", set.error());
}

// Without memory for them the guest is told that there are none.
std::shared_ptr<BackendPages> Vif::pages() {
    if (offered_pages_ != 0 && !pages_)
        pages_ = GrantedPages::make(guest_).value_or(nullptr);
    return offered_pages_ != 0 ? pages_ : nullptr;
}

// Only to who could ask, and for whom a card could fill them: others do not even
// see the key.
void Vif::offer_pages() {
    bool const has_use = wanted_ == Mode::guest_copy && !only_by_switch_ && !replaceable_;
    bool const offers = has_use && port_ && port_->has_control() && around_.cards.own_queues() != 0;
    u64 const count = offers ? BackendPages::count : 0;
    if (std::exchange(offered_pages_, count) != count)
        static_cast<void>(write_if_present(backend_pages::key, std::to_string(count)));
}

bool Vif::follow_guest() {
    if (!port_ || way_ != Way{Mode::guest_copy, false})
        return false;
    port_->follow_guest(around_.helpers);
    return true;
}

std::optional<net::QueueShares::Candidate> Vif::claim() const {
    if (!may_have_queue())
        return std::nullopt;
    return net::QueueShares::Candidate{.id = {guest_.raw(), handle_},
                                       .packets = counters_.rx_packets + counters_.tx_packets,
                                       .has_queue = has_share_,
                                       .by_name = wanted_ != Mode::automatic};
}

bool Vif::take_queue() {
    has_share_ = true;
    set_way();
    return has_share_;
}

void Vif::give_queue_up() {
    has_share_ = false;
    set_way();
}

}  // namespace netback
