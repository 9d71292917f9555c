// SPDX-License-Identifier: MIT
#include "dom0/control/store_service.hpp"

#include "dom0/control/spare_memory.hpp"
#include "dom0/xenstore/ring.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control {
namespace {

constexpr DomId this_domain{0};

}  // namespace

void StoreService::start() {
    rt::spawn("xenstored", [this] { run(); });
}

void StoreService::run() {
    for (;;) {
        kicked_ = false;
        while (serve_all())
            rt::yield();
        while (!kicked_)
            idle_.wait();
    }
}

void StoreService::kick() {
    kicked_ = true;
    idle_.wake_one();
}

// One request of each client, so that none waits for another's flood. A request
// may introduce or release domains, hence the copies.
bool StoreService::serve_all() {
    bool busy = false;
    for (auto const& local : std::vector{locals_})
        busy |= serve(*local);
    for (auto const& [domain, guest] : std::map{guests_})
        busy |= serve(*guest);
    return busy;
}

bool StoreService::serve(Client& client) {
    bool const before = xenstore::exchange(*client.ring, *client.session);
    bool const served = server_.serve(*client.session);
    bool const after = served && xenstore::exchange(*client.ring, *client.session);
    if (before || after)
        client.notify();
    return before || served;
}

rt::xenbus::Connection& StoreService::connect() {
    auto const local = std::make_shared<Local>();
    local->page = std::make_unique<xenstore_domain_interface>();
    local->ring = local->page.get();
    local->session = server_.connect({this_domain, true});
    local->connection = std::make_unique<rt::xenbus::Connection>(*local->ring, [this] { kick(); });
    local->notify = [client = local.get()] { client->connection->ring_moved(); };
    locals_.push_back(local);
    return *local->connection;
}

void StoreService::domain_changed() {
    server_.tell_special("@releaseDomain");
    kick();
}

Result<> StoreService::introduce(DomId domain, Mfn ring, EvtchnPort port) {
    if (domain == this_domain)
        return Fail{Errno::inval};
    if (guests_.contains(domain))
        return Fail{Errno::exist};
    auto const guest = std::make_shared<Guest>();
    guest->page = TRY(rt::FrameMapping::map(std::span{&ring, 1}, domain, rt::Access::read_write));
    guest->ring = reinterpret_cast<xenstore_domain_interface*>(guest->page.data());
    guest->channel = TRY(rt::EventChannel::bind_interdomain(domain, port));
    guest->channel.on_event([this] { kick(); });
    guest->session = server_.connect({domain, false});
    guest->notify = [client = guest.get()] { client->channel.notify(); };
    guests_.emplace(domain, guest);
    return {};
}

bool StoreService::has_memory_for_guests() const {
    return spare_memory::is_there_for_guests();
}

Result<> StoreService::release(DomId domain) {
    return guests_.erase(domain) != 0 ? Result<>{} : Fail{Errno::noent};
}

}  // namespace control
