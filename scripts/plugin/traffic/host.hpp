// SPDX-License-Identifier: MIT
// The host at the far end of the wire: lwIP, with the machine's instructions
// for its clock, and the program in the guest as the only one it talks to.
#pragma once
#include <cstdint>
#include <functional>
#include <span>

#include <lwip/netif.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

#include "scripts/plugin/traffic/wire.hpp"

namespace traffic {

class Host {
  public:
    using Receiver = std::function<void(std::span<std::byte const> payload)>;

    explicit Host(Wire wire);

    // Take in what has come, and what is due.
    void look();

    // The guest said hello: its address is known.
    [[nodiscard]] bool knows_guest() const { return !ip_addr_isany_val(guest_); }
    [[nodiscard]] ip_addr_t const& guest() const { return guest_; }

    // To a UDP port of the guest; what comes back goes to the receiver.
    void send(std::uint16_t port, std::span<std::byte const> payload);
    void on_datagram(Receiver receiver) { receiver_ = std::move(receiver); }

    [[nodiscard]] bool blocked() const { return wire_.blocked(); }
    void settle() { wire_.settle(); }
    void unblock() { wire_.unblock(); }

  private:
    void received(Frame frame);
    void datagram(pbuf* payload, ip_addr_t const& from);
    static err_t set_up(netif* interface);
    static err_t transmit(netif* interface, pbuf* frame);

    Wire wire_;
    netif netif_{};
    udp_pcb* udp_ = nullptr;
    ip_addr_t guest_{};
    Frame last_;
    Receiver receiver_;
};

}  // namespace traffic
