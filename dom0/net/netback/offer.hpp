// SPDX-License-Identifier: MIT
// What is said through xenstore: what this backend offers, and what a
// frontend asks for. Nothing is offered that is not handled.
#pragma once

#include <string>
#include <string_view>

#include "guest-pv/rt/xenbus/connection.hpp"

namespace netback {

using rt::xenbus::Connection;
using rt::xenbus::TransactionId;

// Pairs of rings a frontend may have.
inline constexpr u64 max_queues = 1;

Result<> write_offer(Connection& store, std::string_view backend, TransactionId in);

struct QueueKeys {
    GrantRef tx_ring{};
    GrantRef rx_ring{};
    EvtchnPort tx_event{};
    EvtchnPort rx_event{};  // the same as tx_event unless split

    [[nodiscard]] bool split() const { return tx_event != rx_event; }
};

struct Request {
    QueueKeys queue;
    bool takes_blank_checksum = true;
};

// Errno::inval: the frontend asks for what was not offered, or its keys make
// no sense.
Result<Request> read_request(Connection& store, std::string const& frontend);

}  // namespace netback
