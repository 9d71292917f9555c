// SPDX-License-Identifier: MIT
// Steps of a virtual interface.
#include "dom0/net/netback/vif.hpp"

#include <utility>

#include "kernel/base/log.hpp"

namespace netback {

namespace {

// Closing and opening again is the longest way one look can lead.
constexpr unsigned most_steps = 4;

}  // namespace

Result<std::unique_ptr<Vif>> Vif::create(Surroundings around, DomId guest, u32 handle, std::string backend) {
    auto frontend = TRY(around.store.read(backend + "/frontend"));
    std::unique_ptr<Vif> vif{new Vif{around, guest, handle, std::move(backend), std::move(frontend)}};
    vif->mac_ = around.store.read(vif->backend_ + "/mac").value_or("");
    vif->frontend_watch_ = TRY(around.store.watch(vif->frontend_ + "/state"));
    vif->frontend_watch_->on_event(around.changed);
    return vif;
}

Vif::~Vif() {
    detach();
}

View Vif::view() {
    while (frontend_watch_->pending())
        static_cast<void>(frontend_watch_->wait(0));
    return {.front = read_state(around_.store, frontend_),
            .back = read_state(around_.store, backend_),
            .attached = port_ != nullptr,
            .online = rt::xenbus::read_flag(around_.store, backend_ + "/online")};
}

void Vif::attend() {
    for (unsigned i = 0; i < most_steps; ++i) {
        View const seen = view();
        state_ = seen.back;
        Step const step = next_step(seen);
        if (step == Step::none)
            break;
        take(step);
    }
    follow_mode();
    if (port_ && port_->serve_control())
        around_.changed();
}

// What has to be looked at, or shown to others, does not go past the switch.
bool Vif::may_have_queue() const {
    if (!port_ || port_->is_broken() || refused_ || only_by_switch_ || mirror())
        return false;
    return wanted_ == Mode::queue || (wanted_ == Mode::automatic && port_->declared_pages() != 0);
}

Mode Vif::mode_now() const {
    bool const declared = port_ && port_->declared_pages() != 0;
    if (has_share_)
        return Mode::queue;
    if (wanted_ == Mode::automatic)
        return declared ? Mode::mapped : Mode::copy;
    return wanted_ == Mode::queue ? Mode::mapped : wanted_;
}

void Vif::follow_mode() {
    Mode const wanted = read_mode(around_.store, backend_);
    if (std::exchange(wanted_, wanted) != wanted)
        refused_ = false;
    bool const card_died = port_ && port_->has_card() && !port_->card_is_good();
    if (has_share_ && (card_died || !may_have_queue()))
        has_share_ = false;
    set_mode();
}

void Vif::set_mode() {
    Mode const now = mode_now();
    if (std::exchange(mode_, now) == now || !port_)
        return;
    auto const set = port_->set_mode(now);
    if (set)
        return;
    has_share_ = false;
    mode_ = mode_now();
    if (set.error() == Errno::busy || set.error() == Errno::again)
        return;
    refused_ = true;
    complain("no queue of a card", set.error());
}

bool Vif::follow_guest() {
    if (!port_ || mode_ != Mode::guest_copy)
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
                                       .by_name = wanted_ == Mode::queue};
}

bool Vif::take_queue() {
    has_share_ = true;
    set_mode();
    return has_share_;
}

void Vif::give_queue_up() {
    has_share_ = false;
    set_mode();
}

void Vif::take(Step step) {
    Result<> done;
    switch (step) {
        case Step::announce:
            done = announce();
            break;
        case Step::connect:
            done = connect();
            break;
        case Step::begin_close:
            detach();
            return set_state(State::closing);
        case Step::end_close:
            detach();
            return set_state(State::closed);
        case Step::none:
            return;
    }
    if (!done)
        give_up(done.error());
}

Result<> Vif::announce() {
    Allowance const allowance = TRY(read_allowance(around_.store, backend_));
    return around_.store.transact([&](TransactionId in) -> Result<> {
        TRY_VOID(write_offer(around_.store, backend_, allowance, in));
        return write_state(around_.store, backend_, State::init_wait, in);
    });
}

Result<> Vif::connect() {
    Allowance allowance = TRY(read_allowance(around_.store, backend_));
    Request request = TRY(read_request(around_.store, frontend_, allowance));
    nic::Station const station{nic::Mac::parse(mac_).value_or(nic::Mac{}), request.takes.max_frame,
                               allowance.policy.vlans.access().raw()};
    auto const wake = [this] {
        if (port_id_)
            around_.net_switch.wake(*port_id_);
    };
    only_by_switch_ = allowance.policy.allow.has_value();
    net::Plug plug{allowance.policy.vlans};
    if (allowance.policy.guard)
        plug.station = nic::Mac::parse(mac_);
    port_ = TRY(VifPort::create(guest_, std::move(allowance), std::move(request), around_.pool, counters_,
                                {wake, around_.changed, [this, station] { return seek_stay(station); }}));
    port_id_ = TRY(around_.net_switch.attach(*port_, plug));
    around_.net_switch.wake(*port_id_);
    refused_ = false;
    mode_ = Mode::copy;
    follow_mode();
    TRY_VOID(around_.store.write(backend_ + "/hotplug-status", "connected"));
    set_state(State::connected);
    return {};
}

// Not of an address that makes no sense: no port is pinned to that.
Result<std::unique_ptr<net::Stay>> Vif::seek_stay(nic::Station const& station) {
    if (!port_id_)
        return Fail{Errno::inval};
    return net::Stay::seek(around_.net_switch, around_.cards, *port_id_, station);
}

// The switch first forgets the port, so nothing polls rings being unmapped.
void Vif::detach() {
    has_share_ = false;
    if (port_)
        static_cast<void>(port_->set_mode(Mode::copy));
    if (port_id_)
        around_.net_switch.detach(*port_id_);
    port_id_.reset();
    port_.reset();
}

// Only where there is one: the toolstack may have removed the interface while
// it was being closed, and a write would make its nodes anew.
void Vif::set_state(State state) {
    auto const written = around_.store.transact([&](TransactionId in) -> Result<> {
        TRY_VOID(around_.store.read(backend_ + "/state", in));
        return write_state(around_.store, backend_, state, in);
    });
    if (!written && written.error() != Errno::noent)
        complain("cannot publish its state", written.error());
    state_ = state;
}

void Vif::give_up(Errno why) {
    complain("refused", why);
    detach();
    set_state(State::closing);
}

// A guest can have itself refused as often as it likes, but not fill the log.
void Vif::complain(std::string_view what, Errno why) {
    constexpr Nanos interval = 10 * rt::second;
    Nanos const now = rt::now();
    if (now < next_complaint_) {
        ++untold_;
        return;
    }
    next_complaint_ = now + interval;
    log("vif{}.{}: {}, errno {}", guest_, handle_, what, why);
    if (u32 const untold = std::exchange(untold_, 0))
        log("vif{}.{}: {} complaints before were not told", guest_, handle_, untold);
}

std::optional<std::string> Vif::mirror() const {
    auto target = around_.store.read(backend_ + "/mirror");
    return target ? std::optional{std::move(*target)} : std::nullopt;
}

VifInfo Vif::info() const {
    VifInfo info{guest_, handle_, backend_, mac_, state_, false, wanted_, mode_, false, 0, 0, {}, counters_};
    if (port_) {
        info.broken = port_->is_broken();
        info.queues = port_->keys();
        info.with_card = port_->with_card();
        info.helped_queues = port_->helped_queues();
        info.declared_pages = port_->declared_pages();
    }
    return info;
}

}  // namespace netback
