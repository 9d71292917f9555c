// SPDX-License-Identifier: MIT
// ARP (RFC 826), DHCP (RFC 2131) and neighbour discovery (RFC 4861).
#include "dom0/net/policy/address_guard.hpp"

#include <algorithm>

namespace policy {

namespace {

using namespace frame;

constexpr u64 arp_of_ethernet = 0x0001'0800'0604;  // and IPv4: kinds and lengths of addresses
constexpr usize arp_sender = 8;
constexpr usize arp_sender_address = 14;
constexpr usize arp_bytes = 28;

constexpr Address none_v4 = Address::ipv4(0);
constexpr Address none_v6{};
constexpr Address everybody_v4 = Address::ipv4(0xffff'ffff);
constexpr u16 dhcp_client = 68;
constexpr u16 dhcp_server = 67;

// ICMPv6
constexpr u8 router_solicitation = 133;
constexpr u8 router_advertisement = 134;
constexpr u8 neighbour_solicitation = 135;
constexpr u8 neighbour_advertisement = 136;
constexpr u8 redirect = 137;
constexpr usize solicitation_bytes = 8;
constexpr usize neighbour_target = 8;
constexpr usize neighbour_bytes = 24;
constexpr usize option_unit = 8;
constexpr u8 source_link_address = 1;
constexpr u8 target_link_address = 2;

// Before it has an address a station may ask for one.
bool asks_for_address(Datagram const& datagram) {
    if (datagram.source == none_v4)
        return datagram.destination == everybody_v4 && datagram.protocol == protocol_udp &&
               datagram.source_port() == dhcp_client && datagram.destination_port() == dhcp_server;
    return datagram.source == none_v6 && datagram.protocol == protocol_icmpv6;
}

}  // namespace

AddressGuard::AddressGuard(nic::Mac mac, std::vector<Address> addresses)
    : mac_{mac}, addresses_{std::move(addresses)} {
    if (!addresses_.empty())
        addresses_.push_back(Address::link_local(mac));
}

bool AddressGuard::is_own(Address address) const {
    return std::ranges::find(addresses_, address) != addresses_.end();
}

Spoof AddressGuard::judge_protocol(Bytes head) const {
    Link const link = read_link(head);
    if (link.type == type_arp)
        return judge_arp(link.payload);
    if (addresses_.empty())
        return Spoof::none;
    auto const datagram = read_datagram(link);
    return datagram && may_send(*datagram) ? Spoof::none : Spoof::ip;
}

Spoof AddressGuard::judge_arp(Bytes packet) const {
    if (packet.size() < arp_bytes)
        return Spoof::ip;
    u64 const kind = u64{get32(&packet[0])} << 16 | get16(&packet[4]);
    if (kind != arp_of_ethernet)
        return Spoof::ip;
    if (nic::Mac::at(&packet[arp_sender]) != mac_)
        return Spoof::mac;
    auto const sender = Address::ipv4_at(&packet[arp_sender_address]);
    // Who asks whether an address is free has none yet (RFC 5227).
    return addresses_.empty() || sender == none_v4 || is_own(sender) ? Spoof::none : Spoof::ip;
}

bool AddressGuard::may_send(Datagram const& datagram) const {
    if (!is_own(datagram.source) && !asks_for_address(datagram))
        return false;
    return datagram.protocol != protocol_icmpv6 || may_announce(datagram.transport);
}

// A guest is no router. What it says of an address and of itself has to be
// true; hosts ignore such messages when they come in pieces (RFC 6980).
bool AddressGuard::may_announce(Bytes message) const {
    if (message.empty())
        return true;
    switch (get8(&message[0])) {
        case router_advertisement:
        case redirect:
            return false;
        case router_solicitation:
            return message.size() >= solicitation_bytes &&
                   options_are_own(message.subspan(solicitation_bytes));
        case neighbour_advertisement:
            return message.size() >= neighbour_bytes &&
                   is_own(Address::ipv6_at(&message[neighbour_target])) &&
                   options_are_own(message.subspan(neighbour_bytes));
        case neighbour_solicitation:
            return message.size() >= neighbour_bytes && options_are_own(message.subspan(neighbour_bytes));
        default:
            return true;
    }
}

bool AddressGuard::options_are_own(Bytes options) const {
    while (options.size() >= option_unit) {
        u8 const kind = get8(&options[0]);
        usize const bytes = get8(&options[1]) * option_unit;
        bool const link_address = kind == source_link_address || kind == target_link_address;
        if (bytes == 0 || bytes > options.size() || (link_address && nic::Mac::at(&options[2]) != mac_))
            return false;
        options = options.subspan(bytes);
    }
    return true;
}

}  // namespace policy
