// SPDX-License-Identifier: MIT
// xenstore as a running service: one thread that serves the rings of guests,
// and rings within this domain for its own programs.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "dom0/xenstore/server.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace control {

class StoreService final : public xenstore::Domains {
  public:
    StoreService() : server_{*this} {}

    // Starts the thread; this object lives as long as the domain.
    void start();

    // A connection for a program of this domain; it lasts as long as the service.
    rt::xenbus::Connection& connect();

    // To be told to the watchers of @releaseDomain: a domain shut down, and
    // those who serve it may want to look at why.
    void domain_changed();

    // Of a domain that ends, and will be made again by the same number: what it
    // owns stays.
    void disconnect(DomId domain) { guests_.erase(domain); }

    Result<> introduce(DomId domain, Mfn ring, EvtchnPort port) override;
    Result<> release(DomId domain) override;
    [[nodiscard]] bool introduced(DomId domain) const override { return guests_.contains(domain); }
    [[nodiscard]] bool has_memory_for_guests() const override;

  private:
    struct Client {
        std::shared_ptr<xenstore::Session> session;
        xenstore_domain_interface* ring = nullptr;
        std::function<void()> notify;
    };
    struct Guest : Client {
        rt::FrameMapping page;
        rt::EventChannel channel;
    };
    struct Local : Client {
        std::unique_ptr<xenstore_domain_interface> page;
        std::unique_ptr<rt::xenbus::Connection> connection;
    };

    void run();
    void kick();
    bool serve_all();
    bool serve(Client& client);

    xenstore::Server server_;
    std::map<DomId, std::shared_ptr<Guest>> guests_;
    std::vector<std::shared_ptr<Local>> locals_;
    rt::WaitQueue idle_;
    bool kicked_ = false;
};

}  // namespace control
