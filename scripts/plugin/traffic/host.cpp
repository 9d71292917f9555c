// SPDX-License-Identifier: MIT
#include "scripts/plugin/traffic/host.hpp"

#include <algorithm>
#include <array>

#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

#include "guest-pv/traffic/protocol.hpp"

namespace traffic {
namespace {

constexpr std::array<std::uint8_t, ETH_HWADDR_LEN> own_mac{0x52, 0x54, 0, 0x67, 0x65, 0x6e};
constexpr std::size_t least_frame = 60;
constexpr u16_t mtu = 1500;

ip4_addr_t ip(u8_t last) {
    ip4_addr_t address;
    IP4_ADDR(&address, 10, 0, 2, last);
    return address;
}

Host& self_of(netif* interface) {
    return *static_cast<Host*>(interface->state);
}

}  // namespace

Host::Host(Wire wire) : wire_{wire} {
    lwip_init();
    auto const self = ip(2);
    ip4_addr_t mask;
    IP4_ADDR(&mask, 255, 255, 255, 0);
    netif_add(&netif_, &self, &mask, &self, this, set_up, ethernet_input);
    netif_set_default(&netif_);
    netif_set_up(&netif_);
    netif_set_link_up(&netif_);
    udp_ = udp_new();
    udp_bind(udp_, IP_ADDR_ANY, generator_port);
    udp_recv(
        udp_,
        [](void* self_pointer, udp_pcb*, pbuf* payload, ip_addr_t const* from, u16_t) {
            static_cast<Host*>(self_pointer)->datagram(payload, *from);
        },
        this);
}

err_t Host::set_up(netif* interface) {
    interface->name[0] = 'g';
    interface->name[1] = 'e';
    interface->mtu = mtu;
    interface->hwaddr_len = ETH_HWADDR_LEN;
    std::copy(own_mac.begin(), own_mac.end(), interface->hwaddr);
    interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    interface->output = etharp_output;
    interface->linkoutput = transmit;
    return ERR_OK;
}

err_t Host::transmit(netif* interface, pbuf* frame) {
    std::array<std::byte, SIZEOF_ETH_HDR + mtu> bytes{};
    auto const length = pbuf_copy_partial(frame, bytes.data(), frame->tot_len, 0);
    self_of(interface).wire_.send(Frame{bytes}.first(std::max<std::size_t>(length, least_frame)));
    return ERR_OK;
}

void Host::look() {
    while (auto const frame = wire_.receive())
        received(*frame);
    sys_check_timeouts();
}

void Host::received(Frame frame) {
    last_ = frame;
    auto* const copy = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(frame.size()), PBUF_RAM);
    if (!copy)
        return;
    pbuf_take(copy, frame.data(), static_cast<u16_t>(frame.size()));
    if (netif_.input(copy, &netif_) != ERR_OK)
        pbuf_free(copy);
}

void Host::datagram(pbuf* payload, ip_addr_t const& from) {
    auto const guest = std::find_if(guests_.begin(), guests_.end(),
                                    [&](ip_addr_t const& known) { return ip_addr_cmp(&known, &from); });
    if (guest == guests_.end()) {
        auto const& ethernet = *reinterpret_cast<eth_hdr const*>(last_.data());
        auto sender = ethernet.src;
        etharp_add_static_entry(ip_2_ip4(&from), &sender);
        guests_.push_back(from);
    } else if (receiver_) {
        std::vector<std::byte> bytes(payload->tot_len);
        pbuf_copy_partial(payload, bytes.data(), payload->tot_len, 0);
        receiver_(static_cast<std::size_t>(guest - guests_.begin()), bytes);
    }
    pbuf_free(payload);
}

void Host::send(std::uint16_t port, std::span<std::byte const> payload, std::size_t guest) {
    auto* const packet = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(payload.size()), PBUF_RAM);
    if (!packet)
        return;
    pbuf_take(packet, payload.data(), static_cast<u16_t>(payload.size()));
    udp_sendto(udp_, packet, &guests_[guest], port);
    pbuf_free(packet);
}

}  // namespace traffic
