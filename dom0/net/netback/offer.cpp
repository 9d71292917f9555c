// SPDX-License-Identifier: MIT
// The keys of xen/io/netif.h.
#include "dom0/net/netback/offer.hpp"

#include <algorithm>
#include <charconv>
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
    {"feature-gso-tcpv4", 1},
    {"feature-gso-tcpv6", 1},
    {"feature-ipv6-csum-offload", 1},
    {"feature-multicast-control", 1},
    {"feature-split-event-channels", 1},
    {"feature-ctrl-ring", 1},
};

Result<u32> read_u32(Connection& store, std::string const& path) {
    u64 const value = TRY(read_number(store, path));
    if (value > std::numeric_limits<u32>::max())
        return Fail{Errno::inval};
    return static_cast<u32>(value);
}

// "BYTES,MICROSECONDS"; anything else is no limit.
Rate parse_rate(std::string const& text) {
    u64 bytes = 0;
    u32 microseconds = 0;
    char const* const end = text.data() + text.size();
    auto const [comma, error] = std::from_chars(text.data(), end, bytes);
    if (error != std::errc{} || comma == end || *comma != ',')
        return {};
    auto const [rest, second_error] = std::from_chars(comma + 1, end, microseconds);
    if (second_error != std::errc{} || rest != end || microseconds == 0)
        return {};
    return {bytes, Nanos{microseconds} * 1000};
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

// Absent means one; a single pair has its keys at the top level.
Result<std::vector<QueueKeys>> read_queues(Connection& store, std::string const& frontend, u32 most) {
    auto const asked = read_number(store, frontend + "/multi-queue-num-queues");
    if (!asked && asked.error() != Errno::noent)
        return Fail{Errno::inval};
    u64 const count = asked.value_or(1);
    if (count == 0 || count > most)
        return Fail{Errno::inval};
    std::vector<QueueKeys> queues;
    if (count == 1) {
        queues.push_back(TRY(read_queue(store, frontend)));
        return queues;
    }
    for (u64 i = 0; i < count; ++i)
        queues.push_back(TRY(read_queue(store, frontend + "/queue-" + std::to_string(i))));
    return queues;
}

// Both keys or neither.
Result<std::optional<ControlKeys>> read_control(Connection& store, std::string const& frontend) {
    auto const ring = read_u32(store, frontend + "/ctrl-ring-ref");
    if (!ring && ring.error() == Errno::noent)
        return std::nullopt;
    return ControlKeys{GrantRef{TRY(ring)},
                       EvtchnPort{TRY(read_u32(store, frontend + "/event-channel-ctrl"))}};
}

frame::Takes read_takes(Connection& store, std::string const& frontend, Allowance const& allowance) {
    auto const has = [&](char const* feature) { return read_flag(store, frontend + "/" + feature); };
    frame::Takes takes;
    takes.blank.ipv4 = !has("feature-no-csum-offload");
    takes.blank.ipv6 = has("feature-ipv6-csum-offload");
    bool const scatter = has("feature-sg");
    takes.max_frame = std::min<u32>(allowance.max_frame, scatter ? nic::largest_frame : page_size);
    // Large frames come with a blank checksum and in many pages.
    takes.large.ipv4 = scatter && takes.blank.ipv4 && has("feature-gso-tcpv4");
    takes.large.ipv6 = scatter && takes.blank.ipv6 && has("feature-gso-tcpv6");
    return takes;
}

// What is written there has been checked by the toolstack.
template <class T>
Result<T> known(std::optional<T> parsed) {
    if (!parsed)
        return Fail{Errno::inval};
    return std::move(*parsed);
}

Result<policy::Policy> read_policy(Connection& store, std::string const& backend) {
    auto const text = [&](char const* key) { return store.read(backend + "/" + key); };
    policy::Policy rules;
    rules.vlans = TRY(known(policy::parse_vlans(text("vlan").value_or("0"), text("trunk").value_or(""))));
    if (read_flag(store, backend + "/antispoof")) {
        auto const mac = TRY(known(nic::Mac::parse(text("mac").value_or(""))));
        std::vector<policy::Address> addresses;
        if (auto const listed = text("ip"))
            addresses = TRY(known(policy::parse_addresses(*listed)));
        rules.guard.emplace(mac, std::move(addresses));
    }
    if (auto const listed = text("allow"))
        rules.allow = TRY(known(policy::AllowList::parse(*listed)));
    return rules;
}

}  // namespace

Result<Allowance> read_allowance(Connection& store, std::string const& backend) {
    Allowance allowed;
    allowed.queues = std::clamp(read_u32(store, backend + "/queues").value_or(1), u32{1}, most_queues);
    if (auto const mtu = read_u32(store, backend + "/mtu"); mtu && *mtu < nic::largest_frame)
        allowed.max_frame = std::min(nic::frame_bytes(*mtu), nic::largest_frame);
    allowed.rate = parse_rate(store.read(backend + "/rate").value_or(""));
    allowed.policy = TRY(read_policy(store, backend));
    allowed.replaceable = read_flag(store, backend + "/replaceable");
    return allowed;
}

Mode read_mode(Connection& store, std::string const& backend) {
    return parse_mode(store.read(backend + "/mode").value_or("")).value_or(default_mode);
}

Result<> write_offer(Connection& store, std::string_view backend, Allowance const& allowance,
                     TransactionId in) {
    std::string const prefix = std::string{backend} + "/";
    for (Feature const& feature : offered)
        TRY_VOID(rt::xenbus::write_number(store, prefix + std::string{feature.key}, feature.value, in));
    return rt::xenbus::write_number(store, prefix + "multi-queue-max-queues", allowance.queues, in);
}

Result<Request> read_request(Connection& store, std::string const& frontend, Allowance const& allowance) {
    if (!read_flag(store, frontend + "/request-rx-copy"))
        return Fail{Errno::inval};
    Request request;
    request.queues = TRY(read_queues(store, frontend, allowance.queues));
    request.control = TRY(read_control(store, frontend));
    request.takes = read_takes(store, frontend, allowance);
    request.lists_groups = read_flag(store, frontend + "/request-multicast-control");
    return request;
}

}  // namespace netback
