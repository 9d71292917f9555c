// SPDX-License-Identifier: MIT
#include "dom0/net/frame/flow.hpp"

#include "dom0/net/frame/fields.hpp"
#include "drivers/net/packet.hpp"

namespace frame {

namespace {

// Where the addresses and, behind all options, the ports are. No place means
// that the frame has none, or not here.
struct Places {
    usize addresses = 0;
    usize address_words = 0;
    usize ports = 0;
};

bool has_ports(u8 protocol) {
    return protocol == protocol_tcp || protocol == protocol_udp;
}

Places find_ipv4(std::span<std::byte const> head, usize ip) {
    if (head.size() < ip + ipv4_header_bytes)
        return {};
    Places found{ip + ipv4_addresses, 2, 0};
    // All pieces of a datagram go by addresses: only the first has ports.
    bool const fragment = (get16(&head[ip + ipv4_fragment]) & ipv4_fragment_mask) != 0;
    if (!fragment && has_ports(get8(&head[ip + ipv4_protocol])))
        found.ports = ip + (get8(&head[ip]) & 0xf) * 4U;
    return found;
}

Places find_ipv6(std::span<std::byte const> head, usize ip) {
    if (head.size() < ip + ipv6_header_bytes)
        return {};
    bool const ports = has_ports(get8(&head[ip + ipv6_protocol]));
    return {ip + ipv6_addresses, 8, ports ? ip + ipv6_header_bytes : 0};
}

Places find(std::span<std::byte const> head) {
    if (head.size() < nic::header_bytes + nic::max_tags)
        return {};
    usize ip = nic::header_bytes;
    u16 type = get16(&head[ether_type]);
    if (type == type_vlan) {
        type = get16(&head[ether_type + nic::max_tags]);
        ip += nic::max_tags;
    }
    if (type == type_ipv4)
        return find_ipv4(head, ip);
    return type == type_ipv6 ? find_ipv6(head, ip) : Places{};
}

// The finisher of MurmurHash3: every bit of the input reaches the low bits.
u32 mixed(u32 word) {
    word = (word ^ word >> 16) * 0x85eb'ca6b;
    word = (word ^ word >> 13) * 0xc2b2'ae35;
    return word ^ word >> 16;
}

}  // namespace

u32 flow_hash(std::span<std::byte const> head) {
    Places const places = find(head);
    u32 hash = 0;
    for (usize i = 0; i < places.address_words; ++i)
        hash = mixed(hash ^ get32(&head[places.addresses + i * 4]));
    if (places.ports != 0 && head.size() >= places.ports + 4)
        hash = mixed(hash ^ get32(&head[places.ports]));
    return hash;
}

}  // namespace frame
