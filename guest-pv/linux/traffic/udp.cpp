// SPDX-License-Identifier: MIT
#include "guest-pv/linux/traffic/roles.hpp"

#include <array>
#include <cstring>

#include "guest-pv/linux/traffic/socket.hpp"
#include "guest-pv/traffic/protocol.hpp"

namespace roles {
namespace {

using Buffer = std::array<char, 65536>;

}  // namespace

void sink() {
    static Buffer buffer;
    UdpSocket const socket{traffic::sink_port};
    traffic::Count count{};
    for (;;) {
        auto const length = socket.receive(buffer);
        if (length > 0)
            count.datagrams++;
        if (length == 0 || count.datagrams % traffic::credit_every == 0)
            socket.reply(&count, sizeof count);
    }
}

void echo() {
    static Buffer buffer;
    UdpSocket const socket{traffic::echo_port};
    for (;;)
        socket.reply(buffer.data(), socket.receive(buffer));
}

void source() {
    static Buffer buffer;
    UdpSocket const socket{traffic::source_port};
    for (;;) {
        traffic::Order order{};
        if (socket.receive(buffer) != sizeof order)
            continue;
        std::memcpy(&order, buffer.data(), sizeof order);
        for (std::uint32_t i = 0; i < order.datagrams; i++)
            socket.reply(buffer.data(), std::min(order.length, traffic::most_payload));
        socket.reply(nullptr, 0);
    }
}

}  // namespace roles
