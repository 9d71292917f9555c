// SPDX-License-Identifier: MIT
// The host at the far end of the wire: lwIP, with the machine's instructions
// for its clock, and the program in the guests as the only one it talks to.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <lwip/netif.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

#include "scripts/plugin/traffic/wire.hpp"

namespace traffic {

class Host {
  public:
    // Guests are numbered in the order in which they said hello.
    using Receiver = std::function<void(std::size_t guest, std::span<std::byte const> payload)>;

    explicit Host(Wire wire);

    // Take in what has come, and what is due.
    void look();

    // Those who said hello: their addresses are known.
    [[nodiscard]] std::size_t guests() const { return guests_.size(); }
    [[nodiscard]] ip_addr_t const& guest(std::size_t number = 0) const { return guests_[number]; }

    // To a UDP port of a guest; what comes back goes to the receiver.
    void send(std::uint16_t port, std::span<std::byte const> payload, std::size_t guest = 0);
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
    std::vector<ip_addr_t> guests_;
    Frame last_;
    Receiver receiver_;
};

}  // namespace traffic
