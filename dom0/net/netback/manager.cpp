// SPDX-License-Identifier: MIT
// Hotplug by xenstore.
#include "dom0/net/netback/manager.hpp"

#include <algorithm>

#include "dom0/net/netback/granted_pages.hpp"
#include "dom0/net/policy/words.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "kernel/base/log.hpp"

namespace netback {

using net::QueueShares;

namespace {

constexpr char const* root = "backend/vif";

}  // namespace

Result<> Manager::run() {
    watch_ = TRY(store_.watch(root));
    watch_->on_event([this] {
        dirty_ = true;
        changed_.wake_one();
    });
    for (;;) {
        if (!dirty_)
            changed_.wait(std::min(next_shares_, next_places_));
        if (std::exchange(dirty_, false))
            TRY_VOID(look());
        share_queues();
        follow_guests();
        // A guest that keeps asking gets no more than a turn at a time.
        if (dirty_)
            rt::yield();
    }
}

Result<> Manager::look() {
    while (watch_->pending())
        TRY_VOID(watch_->wait(0));
    scan();
    GrantedPages::free_unmapped();
    for (auto& [key, vif] : vifs_)
        vif->attend();
    set_mirrors();
    return {};
}

void Manager::scan() {
    present_.clear();
    for (std::string const& guest : store_.directory(root).value_or(std::vector<std::string>{}))
        find_handles(guest);
    std::erase_if(vifs_, [this](auto const& entry) { return !present_.contains(entry.first); });
    for (auto const& [key, backend] : present_)
        if (!vifs_.contains(key))
            add(key, backend);
}

void Manager::find_handles(std::string const& guest) {
    std::string const path = std::string{root} + "/" + guest;
    for (std::string const& handle : store_.directory(path).value_or(std::vector<std::string>{})) {
        auto const domain = policy::number<u32>(guest);
        auto const index = policy::number<u32>(handle);
        if (domain && index && *domain < DOMID_FIRST_RESERVED)
            present_.emplace(Key{*domain, *index}, path + "/" + handle);
    }
}

// A toolstack writes the nodes of an interface in one transaction; one that is
// incomplete all the same is looked at again when it changes.
void Manager::add(Key key, std::string const& backend) {
    auto const changed = [this] {
        dirty_ = true;
        changed_.wake_one();
    };
    auto vif = Vif::create({store_, switch_, pool_, cards_, helpers_, changed},
                           DomId{static_cast<u16>(key.first)}, key.second, backend);
    if (vif)
        vifs_.emplace(key, std::move(*vif));
    else if (vif.error() != Errno::noent)
        log("vif{}.{}: not taken, errno {}", key.first, key.second, vif.error());
}

// A watcher that is not there, or not yet, is none.
void Manager::set_mirrors() {
    for (auto const& [key, vif] : vifs_) {
        if (!vif->port())
            continue;
        auto const watcher = vif->mirror();
        switch_.mirror(*vif->port(), watcher ? port_of(*watcher) : std::nullopt);
    }
}

std::vector<QueueShares::Candidate> Manager::claims() {
    std::vector<QueueShares::Candidate> all;
    for (auto& [key, vif] : vifs_) {
        vif->follow_mode();
        if (auto const claim = vif->claim())
            all.push_back(*claim);
    }
    return all;
}

// Who gets none after all is asked again next time.
void Manager::share_queues() {
    auto candidates = claims();
    Nanos const now = rt::now();
    if (candidates.empty() || next_shares_ == rt::never || now >= next_shares_) {
        shares_.follow(candidates);
        next_shares_ = candidates.empty() ? rt::never : now + rt::second;
    }
    auto const entry = [&](Key id) { return std::ranges::find(candidates, id, &QueueShares::Candidate::id); };
    while (auto const move = shares_.next(candidates, cards_.own_queues())) {
        if (move->from) {
            vifs_.at(*move->from)->give_queue_up();
            entry(*move->from)->has_queue = false;
        }
        if (vifs_.at(move->to)->take_queue())
            entry(move->to)->has_queue = true;
        else
            candidates.erase(entry(move->to));
    }
}

void Manager::follow_guests() {
    next_places_ = rt::never;
    for (auto& [key, vif] : vifs_)
        if (vif->follow_guest())
            next_places_ = rt::now() + rt::second;
}

// "GUEST/HANDLE"
std::optional<net::PortId> Manager::port_of(std::string_view vif) const {
    auto const guest = policy::number<u32>(policy::cut(vif, '/'));
    auto const handle = policy::number<u32>(vif);
    auto const found = guest && handle ? vifs_.find({*guest, *handle}) : vifs_.end();
    return found == vifs_.end() ? std::nullopt : found->second->port();
}

std::vector<VifInfo> Manager::list() const {
    std::vector<VifInfo> all;
    for (auto const& [key, vif] : vifs_)
        all.push_back(vif->info());
    return all;
}

}  // namespace netback
