// SPDX-License-Identifier: MIT
// What is said through xenstore: what the toolstack allows, what this backend
// offers, and what a frontend asks for. Nothing is offered that is not handled.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/net/frame/adapt.hpp"
#include "dom0/net/netback/credit.hpp"
#include "dom0/net/netback/mode.hpp"
#include "dom0/net/policy/policy.hpp"
#include "guest-pv/rt/xenbus/connection.hpp"

namespace netback {

using rt::xenbus::Connection;
using rt::xenbus::TransactionId;

// Pairs of rings a frontend may have at most.
inline constexpr u32 most_queues = 8;

// By the toolstack, in the backend's nodes.
struct Allowance {
    u32 queues = 1;
    u32 max_frame = nic::largest_frame;
    Rate rate;
    policy::Policy policy;
    // Another backend may have to go on with the rings: they tell it what is left
    // to be answered only if answers come in the order of requests.
    bool replaceable = false;
};
// Errno::inval: the policy makes no sense, and nothing is allowed by guess.
Result<Allowance> read_allowance(Connection& store, std::string const& backend);
// May change at any time.
Mode read_mode(Connection& store, std::string const& backend);

Result<> write_offer(Connection& store, std::string_view backend, Allowance const& allowance,
                     TransactionId in);

struct QueueKeys {
    GrantRef tx_ring{};
    GrantRef rx_ring{};
    EvtchnPort tx_event{};
    EvtchnPort rx_event{};  // the same as tx_event unless split

    [[nodiscard]] bool split() const { return tx_event != rx_event; }
};

struct ControlKeys {
    GrantRef ring{};
    EvtchnPort event{};
};

struct Request {
    std::vector<QueueKeys> queues;
    std::optional<ControlKeys> control;
    frame::Takes takes;
    bool lists_groups = false;  // wants only the multicast it has asked for
};

// Errno::inval: the frontend asks for what was not offered, or its keys make
// no sense.
Result<Request> read_request(Connection& store, std::string const& frontend, Allowance const& allowance);

}  // namespace netback
