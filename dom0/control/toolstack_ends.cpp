// SPDX-License-Identifier: MIT
// What follows the end of a guest: its configuration says what.
#include "dom0/control/outage.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/control/toolstack.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;
using toolstack::RestartPace;

toolstack::OnEnd action_after(toolstack::DomainConfig const& config, unsigned reason) {
    switch (reason) {
        case SHUTDOWN_reboot:
            return config.on_reboot;
        case SHUTDOWN_poweroff:
            return config.on_poweroff;
        default:
            return config.on_crash;
    }
}

bool has_stopped(domctl::Info const& info) {
    return (info.flags & XEN_DOMINF_shutdown) != 0;
}

unsigned reason_of(domctl::Info const& info) {
    return (info.flags >> XEN_DOMINF_shutdownshift) & XEN_DOMINF_shutdownmask;
}

// Others wait for what a driver domain does. When it has come to do that, its
// crash is no reason not to start it again.
Nanos soon_for(toolstack::DomainConfig const& config) {
    return config.driver_domain ? RestartPace::soon_for_drivers : RestartPace::soon;
}

// The outage ends here, where its watch can wait for the store: not with the thread.
void tell_outage(std::string const& name, std::shared_ptr<Outage> outage) {
    auto const span = outage->wait();
    terminal::log(
        name + ": " +
        (span ? "its interfaces were not served for " + std::to_string(*span / 1000) + " us" : span.error()));
}

}  // namespace

void Toolstack::notice_ends() {
    for (auto const& info : domctl::list()) {
        DomId const id{info.domain};
        if (has_stopped(info) && guests_.contains(id) && !guests_.at(id).ended)
            end(id, reason_of(info));
    }
}

void Toolstack::end(DomId id, unsigned reason) {
    auto& guest = guests_.at(id);
    guest.ended = true;
    stores_.domain_changed();
    auto const name = guest.config.name;
    Nanos const wait = reason == SHUTDOWN_crash
                           ? guest.pace.after_crash(rt::now() - guest.created, soon_for(guest.config))
                           : 0;
    auto const action = action_after(guest.config, reason);
    if (reason == SHUTDOWN_crash && action == toolstack::OnEnd::destroy)
        terminal::log(name + ": crashed and is destroyed; with on_crash=\"preserve\" it can be looked at");
    auto const done = follow_up(id, action, wait);
    if (!done)
        terminal::log(name + ": " + done.error());
    ended_.wake_all();
}

Outcome<> Toolstack::restart(Guest guest, std::shared_ptr<Outage> outage) {
    DO(check_free(guest.config.name));
    auto const name = guest.config.name;
    auto const id = start(guest);
    if (!id && guest.config.driver_domain) {
        Nanos const wait = guest.pace.after_crash(0);
        restart_later(std::move(guest), std::move(outage), wait);
        return Failure{id.error() + "; next attempt in " + std::to_string(wait / rt::second) + " s"};
    }
    DO(or_say(domctl::unpause(GET(id)), "cannot start it again"));
    if (outage)
        rt::spawn("outage", [name, outage]() mutable { tell_outage(name, std::move(outage)); });
    return {};
}

void Toolstack::restart_later(Guest guest, std::shared_ptr<Outage> outage, Nanos wait) {
    rt::spawn("restart", [this, guest = std::move(guest), outage = std::move(outage), wait] {
        rt::sleep_for(wait);
        if (auto const done = restart(guest, outage); !done)
            terminal::log(guest.config.name + ": " + done.error());
    });
}

Outcome<> Toolstack::follow_up(DomId id, toolstack::OnEnd action, Nanos wait) {
    auto guest = guests_.at(id);
    guest.once.clear();
    if (action == toolstack::OnEnd::preserve) {
        terminal::log(guest.config.name + ": kept for inspection until it is destroyed");
        return {};
    }
    if (action != toolstack::OnEnd::restart) {
        GET(take_down(id, Nodes::forget));
        return {};
    }
    std::shared_ptr<Outage> outage;
    if (guest.config.driver_domain)
        if (auto begun = Outage::begin(store_, id))
            outage = std::make_shared<Outage>(std::move(*begun));
    GET(take_down(id, guest.config.driver_domain ? Nodes::keep : Nodes::forget));
    if (wait == 0)
        return restart(std::move(guest), std::move(outage));
    terminal::log(guest.config.name + ": crashes soon each time, starts again in " +
                  std::to_string(wait / rt::second) + " s");
    restart_later(std::move(guest), std::move(outage), wait);
    return {};
}

}  // namespace control
