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
    if (auto const allowance = read_allowance(around.store, vif->backend_))
        vif->keep_place(allowance->policy);
    return vif;
}

Vif::~Vif() {
    detach();
    if (place_)
        around_.net_switch.give_up(*place_);
}

// What is for the guest is nobody else's while it is not connected, as when
// another backend has ended: on a wire somebody might answer for it.
void Vif::keep_place(policy::Policy const& policy) {
    if (place_)
        around_.net_switch.give_up(*place_);
    place_.reset();
    if (policy.guard)
        place_ = {nic::Mac::parse(mac_).value_or(nic::Mac{}), policy.vlans.access()};
    if (place_)
        around_.net_switch.reserve(*place_);
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

void Vif::take(Step step) {
    Result<> done;
    switch (step) {
        case Step::announce:
            done = announce();
            break;
        case Step::connect:
        case Step::take_over:
            done = connect(step);
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
        TRY_VOID(check_present(in));
        TRY_VOID(write_offer(around_.store, backend_, allowance, in));
        return write_state(around_.store, backend_, State::init_wait, in);
    });
}

Result<> Vif::connect(Step step) {
    Allowance allowance = TRY(read_allowance(around_.store, backend_));
    Request request = TRY(read_request(around_.store, frontend_, allowance));
    nic::Station const station{nic::Mac::parse(mac_).value_or(nic::Mac{}), request.takes.max_frame,
                               allowance.policy.vlans.access().raw()};
    auto const wake = [this] {
        if (port_id_)
            around_.net_switch.wake(*port_id_);
    };
    only_by_switch_ = allowance.policy.allow.has_value();
    replaceable_ = allowance.replaceable;
    keep_place(allowance.policy);
    net::Plug plug{allowance.policy.vlans};
    if (place_)
        plug.station = place_->mac;
    port_ = TRY(VifPort::create(
        guest_, std::move(allowance), std::move(request), around_.pool, counters_,
        {wake, around_.changed, [this, station] { return seek_stay(station); }, [this] { return pages(); }}));
    if (step == Step::take_over) {
        TRY_VOID(port_->refuse_left());
        log("vif{}.{}: goes on where another backend has ended", guest_, handle_);
    }
    port_id_ = TRY(around_.net_switch.attach(*port_, plug));
    around_.net_switch.wake(*port_id_);
    refused_ = false;
    way_ = {};
    follow_mode();
    TRY_VOID(write_if_present("hotplug-status", "connected"));
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
        static_cast<void>(port_->set_mode(Mode::copy, false));
    if (port_id_)
        around_.net_switch.detach(*port_id_);
    if (place_)
        around_.net_switch.reserve(*place_);
    port_id_.reset();
    port_.reset();
}

// The toolstack may have removed the interface while it was being closed, and a
// write would make its nodes anew.
Result<> Vif::check_present(TransactionId in) {
    TRY_VOID(around_.store.read(backend_ + "/state", in));
    return {};
}

Result<> Vif::write_if_present(std::string_view key, std::string_view value) {
    return around_.store.transact([&](TransactionId in) -> Result<> {
        TRY_VOID(check_present(in));
        return around_.store.write(backend_ + "/" + std::string{key}, value, in);
    });
}

void Vif::set_state(State state) {
    auto const written = write_if_present("state", std::to_string(static_cast<u32>(state)));
    if (!written && written.error() != Errno::noent)
        complain("cannot publish its state", written.error());
    state_ = state;
}

void Vif::give_up(Errno why) {
    if (check_present({}))
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
    VifInfo info{guest_,    handle_, backend_, mac_, state_, false, wanted_,
                 way_.mode, false,   false,    0,    0,      {},    counters_};
    info.port = port_id_;
    if (port_) {
        info.broken = port_->is_broken();
        info.queues = port_->keys();
        info.levels = port_->levels();
        info.with_card = port_->with_card();
        info.aggregated = way_.by_card && port_->wants_aggregation();
        info.helped_queues = port_->helped_queues();
        info.declared_pages = port_->declared_pages();
    }
    return info;
}

}  // namespace netback
