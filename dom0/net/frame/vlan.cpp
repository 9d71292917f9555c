// SPDX-License-Identifier: MIT
// Moving the addresses: the tag stands between them and the rest.
#include "dom0/net/frame/vlan.hpp"

#include <cstring>

#include "dom0/net/frame/clone.hpp"
#include "dom0/net/frame/fields.hpp"
#include "drivers/net/lender.hpp"

namespace frame {

namespace {

constexpr u16 tag_bytes = nic::max_tags;
constexpr usize address_bytes = ether_type;

// At the first tag, or at one behind it.
bool is_tagged(std::span<std::byte const> head, usize at = ether_type) {
    return get16(&head[at]) == type_vlan && head.size() >= at + tag_bytes + sizeof(u16);
}

VlanId id_at(std::span<std::byte const> head, usize tag) {
    return VlanId{static_cast<u16>(get16(&head[tag + sizeof(u16)]) & vlan_id_mask)};
}

void remove_tag(nic::Packet& packet) {
    std::memmove(packet.data + tag_bytes, packet.data, address_bytes);
    packet.trim_front(tag_bytes);
    if (packet.checksum == nic::Checksum::blank)
        packet.layers.link_bytes = static_cast<u8>(packet.layers.link_bytes - tag_bytes);
}

void insert_tag(nic::Packet& packet) {
    packet.extend_front(tag_bytes);
    std::memmove(packet.data, packet.data + tag_bytes, address_bytes);
    put16(packet.data + ether_type, type_vlan);
    if (packet.checksum == nic::Checksum::blank)
        packet.layers.link_bytes = static_cast<u8>(packet.layers.link_bytes + tag_bytes);
}

}  // namespace

std::optional<VlanId> tag_of(std::span<std::byte const> head) {
    if (!is_tagged(head))
        return std::nullopt;
    auto const outer = id_at(head, ether_type);
    bool const hides_another = outer == bridge::untagged_network && is_tagged(head, ether_type + tag_bytes);
    return hides_another ? bridge::reserved_vlan : outer;
}

bool set_tag(nic::PacketRef& packet, std::optional<VlanId> wanted, nic::PacketPool& pool) {
    if (tag_of(packet->head()) == wanted)
        return true;
    bool const tagged = is_tagged(packet->head());
    bool const lacks_room = !tagged && packet->headroom() < tag_bytes;
    bool const copied = packet.shared() || lacks_room;
    if (copied && !nic::at_hand(*packet))
        return false;
    if (copied)
        packet = clone(*packet, pool, tag_bytes);
    if (!packet)
        return false;
    if (!wanted) {
        remove_tag(*packet);
        return true;
    }
    if (!tagged)
        insert_tag(*packet);
    put16(packet->data + nic::header_bytes, wanted->raw());
    return true;
}

}  // namespace frame
