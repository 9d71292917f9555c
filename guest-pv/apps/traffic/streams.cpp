// SPDX-License-Identifier: MIT
// Bulk TCP through lwIP, as a server that takes for ever and one that gives.
#include <array>

#include <lwip/tcp.h>
#include <lwip/udp.h>

#include "guest-pv/apps/traffic/roles.hpp"
#include "guest-pv/net/interface.hpp"
#include "guest-pv/rt/power.hpp"
#include "guest-pv/rt/thread/thread.hpp"
#include "guest-pv/traffic/protocol.hpp"

namespace traffic {
namespace {

bool heard = false;

err_t take(void*, tcp_pcb* pcb, pbuf* data, err_t) {
    if (data == nullptr)
        return tcp_close(pcb);
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    return ERR_OK;
}

err_t give(void*, tcp_pcb* pcb, u16_t) {
    static std::array<char, 16 * TCP_MSS> const nothing{};
    while (tcp_sndbuf(pcb) >= nothing.size() && tcp_write(pcb, nothing.data(), nothing.size(), 0) == ERR_OK) {
    }
    return tcp_output(pcb);
}

err_t accept_taking(void*, tcp_pcb* pcb, err_t) {
    tcp_recv(pcb, take);
    return ERR_OK;
}

err_t accept_giving(void*, tcp_pcb* pcb, err_t) {
    tcp_recv(pcb, take);
    tcp_sent(pcb, give);
    return give(nullptr, pcb, 0);
}

void listen(u16 port, tcp_accept_fn on_accept) {
    auto* const pcb = tcp_new();
    if (pcb == nullptr || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK)
        rt::panic("a port cannot be bound");
    tcp_accept(tcp_listen(pcb), on_accept);
}

// The generator answers; until then the link may be down.
void say_hello(udp_pcb* pcb) {
    ip4_addr_t generator;
    IP4_ADDR(&generator, 10, 0, 2, 2);
    auto* const nothing = pbuf_alloc(PBUF_TRANSPORT, 0, PBUF_RAM);
    udp_sendto(pcb, nothing, &generator, generator_port);
    pbuf_free(nothing);
}

// Also what tells a generator of datagrams how many have come: none ever do.
void answer(void*, udp_pcb* pcb, pbuf* asked, ip_addr_t const* from, u16_t port) {
    heard = true;
    pbuf_free(asked);
    auto* const said = pbuf_alloc(PBUF_TRANSPORT, sizeof(Count), PBUF_RAM);
    Count const none{};
    pbuf_take(said, &none, sizeof none);
    udp_sendto(pcb, said, from, port);
    pbuf_free(said);
}

}  // namespace

Result<> serve_streams(std::unique_ptr<net::Device> device) {
    auto* const interface = TRY(net::Interface::start(std::move(device)));
    interface->wait_for_address();
    udp_pcb* greeter = nullptr;
    interface->run([&greeter] {
        listen(sink_port, accept_taking);
        listen(source_port, accept_giving);
        for (u16 const port : {generator_port, sink_port}) {
            greeter = udp_new();
            udp_bind(greeter, IP_ADDR_ANY, port);
            udp_recv(greeter, answer, nullptr);
        }
    });
    for (;;) {
        rt::sleep_for(heard ? rt::second * 3600 : rt::second / 10);
        if (!heard)
            interface->run([&greeter] { say_hello(greeter); });
    }
}

}  // namespace traffic
