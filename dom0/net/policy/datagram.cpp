// SPDX-License-Identifier: MIT
#include "dom0/net/policy/datagram.hpp"

#include "dom0/net/frame/fields.hpp"
#include "drivers/net/packet.hpp"

namespace policy {

namespace {

using namespace frame;

// RFC 8200, 4: those a host walks over to find the transport.
constexpr u8 hop_by_hop = 0;
constexpr u8 routing = 43;
constexpr u8 fragment = 44;
constexpr u8 destination_options = 60;
constexpr unsigned most_extensions = 8;
constexpr usize extension_unit = 8;

std::optional<Datagram> read_ipv4(Bytes ip) {
    if (ip.size() < ipv4_header_bytes || get8(&ip[0]) >> 4 != 4)
        return std::nullopt;
    usize const header = (get8(&ip[0]) & 0xf) * 4U;
    if (header < ipv4_header_bytes || header > ip.size())
        return std::nullopt;
    u16 const piece = get16(&ip[ipv4_fragment]);
    Datagram found{.source = Address::ipv4_at(&ip[ipv4_addresses]),
                   .destination = Address::ipv4_at(&ip[ipv4_addresses + 4]),
                   .protocol = get8(&ip[ipv4_protocol]),
                   .whole = (piece & ipv4_fragment_mask) == 0,
                   .transport = {}};
    if ((piece & ipv4_offset_mask) == 0)
        found.transport = ip.subspan(header);
    return found;
}

bool is_extension(u8 protocol) {
    return protocol == hop_by_hop || protocol == routing || protocol == fragment ||
           protocol == destination_options;
}

// One step. False when the header is not all there.
bool walk_extension(Datagram& found) {
    Bytes const header = found.transport;
    if (header.size() < extension_unit)
        return false;
    bool const cut = found.protocol == fragment;
    usize const bytes = cut ? extension_unit : (get8(&header[1]) + usize{1}) * extension_unit;
    if (bytes > header.size())
        return false;
    found.protocol = get8(&header[0]);
    found.transport = header.subspan(bytes);
    if (cut) {
        u16 const piece = get16(&header[2]);
        found.whole = (piece & 0xfff9) == 0;  // neither an offset nor more to come
        if (piece >> 3 != 0)
            found.transport = {};
    }
    return true;
}

std::optional<Datagram> read_ipv6(Bytes ip) {
    if (ip.size() < ipv6_header_bytes || get8(&ip[0]) >> 4 != 6)
        return std::nullopt;
    Datagram found{.source = Address::ipv6_at(&ip[ipv6_addresses]),
                   .destination = Address::ipv6_at(&ip[ipv6_addresses + 16]),
                   .protocol = get8(&ip[ipv6_protocol]),
                   .transport = ip.subspan(ipv6_header_bytes)};
    for (unsigned i = 0; is_extension(found.protocol); ++i) {
        bool const later_piece = !found.whole && found.transport.empty();
        if (later_piece)
            return found;
        if (i == most_extensions || !walk_extension(found))
            return std::nullopt;
    }
    return found;
}

}  // namespace

Link read_link(Bytes head) {
    usize at = ether_type;
    if (get16(&head[at]) == type_vlan && head.size() >= nic::header_bytes + nic::max_tags)
        at += nic::max_tags;
    return {get16(&head[at]), head.subspan(at + sizeof(u16))};
}

u16 Datagram::port(usize at) const {
    bool const has_ports = protocol == protocol_tcp || protocol == protocol_udp;
    return has_ports && transport.size() >= at + sizeof(u16) ? get16(&transport[at]) : u16{0};
}

std::optional<Datagram> read_datagram(Link const& link) {
    if (link.type == type_ipv4)
        return read_ipv4(link.payload);
    return link.type == type_ipv6 ? read_ipv6(link.payload) : std::nullopt;
}

}  // namespace policy
