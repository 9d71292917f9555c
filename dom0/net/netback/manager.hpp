// SPDX-License-Identifier: MIT
// All virtual interfaces: watches the toolstack's nodes, brings interfaces up
// and takes them down.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dom0/net/netback/vif.hpp"

namespace netback {

class Manager {
  public:
    Manager(Connection& store, net::Switch& net_switch, nic::PacketPool& pool, net::Cards& cards,
            helpers::Helpers::Machine machine)
        : store_{store}, switch_{net_switch}, pool_{pool}, cards_{cards}, helpers_{std::move(machine)} {}

    // Serves for ever; returns only when the store does not answer.
    Result<> run();

    [[nodiscard]] std::vector<VifInfo> list() const;

  private:
    using Key = std::pair<u32, u32>;  // guest, handle

    Result<> look();
    void scan();
    void find_handles(std::string const& guest);
    void add(Key key, std::string const& backend);
    void set_mirrors();
    void share_queues();
    void follow_guests();
    [[nodiscard]] std::vector<net::QueueShares::Candidate> claims();
    [[nodiscard]] std::optional<net::PortId> port_of(std::string_view vif) const;

    Connection& store_;
    net::Switch& switch_;
    nic::PacketPool& pool_;
    net::Cards& cards_;
    helpers::Helpers helpers_;
    std::unique_ptr<rt::xenbus::Watch> watch_;
    std::map<Key, std::unique_ptr<Vif>> vifs_;
    std::map<Key, std::string> present_;  // in the store, at the last scan
    net::QueueShares shares_;
    Nanos next_shares_ = rt::never;  // when the loads are to be looked at again
    Nanos next_places_ = rt::never;  // when guests may have moved to other processors
    rt::WaitQueue changed_;
    bool dirty_ = true;
};

}  // namespace netback
