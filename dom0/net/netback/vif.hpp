// SPDX-License-Identifier: MIT
// One virtual interface over its life: from the nodes the toolstack makes to
// their end, through any number of frontends.
#pragma once

#include <memory>
#include <optional>

#include "dom0/net/netback/lifecycle.hpp"
#include "dom0/net/netback/vif_port.hpp"
#include "dom0/net/switch/queue_shares.hpp"
#include "dom0/net/switch/switch.hpp"
#include "guest-pv/rt/xenbus/watch.hpp"

namespace netback {

// What there is to know about an interface, for people.
struct VifInfo {
    DomId guest{};
    u32 handle = 0;
    std::string backend;  // path of its nodes
    std::string mac;
    State state = State::unknown;
    bool broken = false;
    Mode wanted = default_mode;
    Mode mode = Mode::copy;
    bool with_card = false;
    bool aggregated = false;  // away from the card, as it receives TCP
    u32 helped_queues = 0;
    u32 declared_pages = 0;
    std::vector<QueueKeys> queues;  // while connected
    Counters counters;
    std::vector<Levels> levels{};       // of these queues
    std::optional<net::PortId> port{};  // of the switch, while connected
};

class Vif {
  public:
    struct Surroundings {
        Connection& store;
        net::Switch& net_switch;
        nic::PacketPool& pool;
        net::Cards& cards;
        helpers::Helpers& helpers;
        std::function<void()> changed;  // something may have to be done
    };

    // `backend` is a path .../backend/vif/GUEST/HANDLE.
    static Result<std::unique_ptr<Vif>> create(Surroundings around, DomId guest, u32 handle,
                                               std::string backend);
    ~Vif();
    Vif(Vif const&) = delete;
    Vif& operator=(Vif const&) = delete;

    // Look at both states and take the steps they call for, and serve what a
    // frontend asks for besides.
    void attend();

    // Look at what it shall do and can, and change how frames cross accordingly.
    void follow_mode();

    // In mode `guest_copy`. False: there is nothing to follow.
    bool follow_guest();

    // What there is to know for who hands out queues of cards; none: it could not
    // use one now.
    [[nodiscard]] std::optional<net::QueueShares::Candidate> claim() const;
    // False: there is none for it after all.
    bool take_queue();
    void give_queue_up();

    // While it is plugged in.
    [[nodiscard]] std::optional<net::PortId> port() const { return port_id_; }
    // The key "mirror" of its backend.
    [[nodiscard]] std::optional<std::string> mirror() const;

    [[nodiscard]] VifInfo info() const;

  private:
    Vif(Surroundings around, DomId guest, u32 handle, std::string backend, std::string frontend)
        : around_{around},
          guest_{guest},
          handle_{handle},
          backend_{std::move(backend)},
          frontend_{std::move(frontend)} {}

    [[nodiscard]] View view();
    void take(Step step);
    void keep_place(policy::Policy const& policy);
    Result<> announce();
    Result<> connect(Step step);
    // How frames cross now.
    struct Way {
        Mode mode = Mode::copy;
        bool by_card = false;  // to the guest

        friend bool operator==(Way const&, Way const&) = default;
    };
    [[nodiscard]] bool may_have_queue() const;
    [[nodiscard]] Way way_now() const;
    void set_way();
    [[nodiscard]] std::shared_ptr<BackendPages> pages();
    void offer_pages();
    Result<std::unique_ptr<net::Stay>> seek_stay(nic::Station const& station);
    void detach();
    void set_state(State state);
    // Errno::noent when the toolstack has removed the interface.
    Result<> check_present(rt::xenbus::TransactionId in);
    Result<> write_if_present(std::string_view key, std::string_view value);
    void give_up(Errno why);
    void complain(std::string_view what, Errno why);

    Surroundings around_;
    DomId guest_;
    u32 handle_;
    std::string backend_;
    std::string frontend_;
    std::string mac_;
    std::optional<bridge::Station> place_;  // the switch keeps it free
    State state_ = State::unknown;
    Mode wanted_ = default_mode;
    Way way_;
    bool only_by_switch_ = false;  // by its policy
    bool has_share_ = false;       // of the cards' queues
    bool refused_ = false;         // such a queue, for reasons that stay
    bool replaceable_ = false;     // another backend would not know of pages of ours
    u64 offered_pages_ = 0;
    // Made when a frontend first asks, and not for each: the guest has them mapped.
    std::shared_ptr<BackendPages> pages_;
    std::unique_ptr<rt::xenbus::Watch> frontend_watch_;
    Nanos next_complaint_ = 0;
    u32 untold_ = 0;     // complaints since the last one
    Counters counters_;  // outlive every port, so that they only grow
    std::unique_ptr<VifPort> port_;
    std::optional<net::PortId> port_id_;
};

}  // namespace netback
