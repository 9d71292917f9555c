// SPDX-License-Identifier: MIT
// The keys of xen/io/netif.h.
#include "dom0/net/netback/offer.hpp"

#include <limits>

#include "guest-pv/rt/xenbus/device.hpp"

namespace netback {

namespace {

using rt::xenbus::read_flag;
using rt::xenbus::read_number;

struct Feature {
    std::string_view key;
    u64 value;
};

constexpr Feature offered[] = {
    {"feature-rx-copy", 1},
    {"feature-rx-flip", 0},
    {"feature-sg", 1},
    {"feature-ipv6-csum-offload", 1},
    {"feature-split-event-channels", 1},
    {"multi-queue-max-queues", max_queues},
};

Result<u32> read_u32(Connection& store, std::string const& path) {
    u64 const value = TRY(read_number(store, path));
    if (value > std::numeric_limits<u32>::max())
        return Fail{Errno::inval};
    return static_cast<u32>(value);
}

Result<QueueKeys> read_queue(Connection& store, std::string const& at) {
    QueueKeys keys;
    keys.tx_ring = GrantRef{TRY(read_u32(store, at + "/tx-ring-ref"))};
    keys.rx_ring = GrantRef{TRY(read_u32(store, at + "/rx-ring-ref"))};
    if (auto const split = read_u32(store, at + "/event-channel-tx")) {
        keys.tx_event = EvtchnPort{*split};
        keys.rx_event = EvtchnPort{TRY(read_u32(store, at + "/event-channel-rx"))};
    } else {
        keys.tx_event = keys.rx_event = EvtchnPort{TRY(read_u32(store, at + "/event-channel"))};
    }
    return keys;
}

}  // namespace

Result<> write_offer(Connection& store, std::string_view backend, TransactionId in) {
    std::string const prefix = std::string{backend} + "/";
    for (Feature const& feature : offered)
        TRY_VOID(rt::xenbus::write_number(store, prefix + std::string{feature.key}, feature.value, in));
    return {};
}

Result<Request> read_request(Connection& store, std::string const& frontend) {
    // Absent means one; a single pair has its keys at the top level.
    auto const queues = read_number(store, frontend + "/multi-queue-num-queues");
    bool const absent = !queues && queues.error() == Errno::noent;
    if (!absent && (!queues || *queues != max_queues))
        return Fail{Errno::inval};
    if (!read_flag(store, frontend + "/request-rx-copy"))
        return Fail{Errno::inval};
    Request request;
    request.queue = TRY(read_queue(store, frontend));
    request.takes_blank_checksum = !read_flag(store, frontend + "/feature-no-csum-offload");
    return request;
}

}  // namespace netback
