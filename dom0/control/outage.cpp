// SPDX-License-Identifier: MIT
#include "dom0/control/outage.hpp"

#include <algorithm>

#include "dom0/control/domain_nodes.hpp"
#include "guest-pv/rt/time.hpp"

namespace control {
namespace {

using rt::xenbus::Connection;
using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

constexpr Nanos patience = 10 * rt::second;

std::string backends_of(DomId driver) {
    return home_of(driver) + "/backend/vif";
}

// Backends write this node when they serve an interface.
std::vector<std::string> marks_of(Connection& store, DomId driver) {
    std::vector<std::string> marks;
    auto const root = backends_of(driver);
    for (auto const& guest : store.directory(root).value_or(std::vector<std::string>{}))
        for (auto const& handle : store.directory(root + "/" + guest).value_or(std::vector<std::string>{}))
            marks.push_back(root + "/" + guest + "/" + handle + "/hotplug-status");
    std::erase_if(marks, [&](auto const& mark) { return !store.read(mark); });
    return marks;
}

}  // namespace

Outcome<Outage> Outage::begin(Connection& store, DomId driver) {
    Outage outage{store, rt::now()};
    outage.marks_ = marks_of(store, driver);
    outage.watch_ = GET(or_say(store.watch(backends_of(driver)), "cannot watch its backends"));
    for (auto const& mark : outage.marks_)
        DO(or_say(store.remove(mark), "cannot write to xenstore"));
    return outage;
}

Outcome<Nanos> Outage::wait() {
    Nanos const deadline = rt::now() + patience;
    // An interface may be unplugged meanwhile, with all its nodes.
    auto const served = [&](std::string const& mark) {
        auto const backend = mark.substr(0, mark.rfind('/'));
        return store_->read(mark) || !store_->read(backend + "/state");
    };
    while (!std::ranges::all_of(marks_, served))
        if (!watch_->wait(deadline))
            return Failure{"it does not serve all interfaces again"};
    return rt::now() - begun_;
}

}  // namespace control
