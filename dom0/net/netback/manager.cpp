// SPDX-License-Identifier: MIT
// Hotplug by xenstore.
#include "dom0/net/netback/manager.hpp"

#include "dom0/net/policy/words.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "kernel/base/log.hpp"

namespace netback {

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
        while (!dirty_)
            changed_.wait();
        dirty_ = false;
        while (watch_->pending())
            TRY_VOID(watch_->wait(0));
        scan();
        for (auto& [key, vif] : vifs_)
            vif->attend();
        set_mirrors();
        // A guest that keeps asking gets no more than a turn at a time.
        if (dirty_)
            rt::yield();
    }
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
    auto vif = Vif::create({store_, switch_, pool_, cards_, changed}, DomId{static_cast<u16>(key.first)},
                           key.second, backend);
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
