// SPDX-License-Identifier: MIT
#include "dom0/net/policy/allow_list.hpp"

#include <algorithm>

#include "dom0/net/frame/fields.hpp"

namespace policy {

namespace {

using namespace frame;
using Protocol = Rule::Protocol;

constexpr std::string_view reply = "reply";
constexpr u8 router_solicitation = 133;
constexpr u8 neighbour_advertisement = 136;

std::optional<Protocol> parse_protocol(std::string_view text) {
    constexpr std::array<std::string_view, 4> names{"any", "tcp", "udp", "icmp"};
    auto const found = std::ranges::find(names, text);
    return found == names.end() ? std::nullopt : std::optional{static_cast<Protocol>(found - names.begin())};
}

bool is(Protocol wanted, u8 protocol) {
    switch (wanted) {
        case Protocol::any:
            return true;
        case Protocol::tcp:
            return protocol == protocol_tcp;
        case Protocol::udp:
            return protocol == protocol_udp;
        case Protocol::icmp:
            return protocol == protocol_icmp || protocol == protocol_icmpv6;
    }
    return false;
}

bool is_neighbour_discovery(Datagram const& datagram) {
    if (datagram.protocol != protocol_icmpv6 || datagram.transport.empty())
        return false;
    u8 const type = get8(&datagram.transport[0]);
    return type >= router_solicitation && type <= neighbour_advertisement;
}

}  // namespace

// A rule about ports says nothing of pieces that have none.
bool Rule::allows(Datagram const& datagram) const {
    if (!is(protocol, datagram.protocol) || (to && !to->contains(datagram.destination)))
        return false;
    u16 const port = datagram.destination_port();
    return !ports || (port != 0 && ports->first <= port && port <= ports->last);
}

std::optional<Rule> Rule::parse(std::string_view text) {
    Rule rule;
    auto what = cut(text, '@');
    if (text.data() != nullptr && !(rule.to = Prefix::parse(text)))
        return std::nullopt;
    auto const protocol = parse_protocol(cut(what, ':'));
    if (!protocol)
        return std::nullopt;
    rule.protocol = *protocol;
    if (what.data() == nullptr)
        return rule;
    bool const has_ports = rule.protocol == Protocol::tcp || rule.protocol == Protocol::udp;
    rule.ports = range<u16>(what);
    return has_ports && rule.ports ? std::optional{rule} : std::nullopt;
}

std::optional<AllowList> AllowList::parse(std::string_view text) {
    AllowList list;
    bool const good = each_word(text, [&](std::string_view word) {
        if (word == reply) {
            list.conversations_.emplace();
            return true;
        }
        auto const rule = Rule::parse(word);
        if (!rule || list.rules_.size() == most_rules)
            return false;
        list.rules_.push_back(*rule);
        return true;
    });
    return good ? std::optional{std::move(list)} : std::nullopt;
}

bool AllowList::allows(Bytes head) const {
    Link const link = read_link(head);
    if (link.type == type_arp)
        return true;
    auto const datagram = read_datagram(link);
    if (!datagram)
        return false;
    return is_neighbour_discovery(*datagram) ||
           std::ranges::any_of(rules_, [&](Rule const& rule) { return rule.allows(*datagram); }) ||
           (conversations_ && conversations_->answers(*datagram));
}

void AllowList::heard(Bytes head) {
    if (!conversations_)
        return;
    if (auto const datagram = read_datagram(read_link(head)))
        conversations_->heard(*datagram);
}

}  // namespace policy
