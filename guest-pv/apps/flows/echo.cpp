// SPDX-License-Identifier: MIT
// The end that says back what it hears: of what lwIP does not take at once it
// keeps the buffers, and the window stays closed by as much.
#include <memory>

#include "guest-pv/apps/flows/roles.hpp"
#include "guest-pv/rt/power.hpp"

namespace flows {
namespace {

struct Echo {
    pbuf* unsaid = nullptr;
    bool heard_all = false;

    ~Echo() {
        if (unsaid != nullptr)
            pbuf_free(unsaid);
    }
};

Echo& echo_of(void* argument) {
    return *static_cast<Echo*>(argument);
}

err_t say(void* argument, tcp_pcb* pcb) {
    Echo& echo = echo_of(argument);
    while (echo.unsaid != nullptr && tcp_sndbuf(pcb) >= echo.unsaid->len &&
           tcp_write(pcb, echo.unsaid->payload, echo.unsaid->len, TCP_WRITE_FLAG_COPY) == ERR_OK) {
        tcp_recved(pcb, echo.unsaid->len);
        echo.unsaid = pbuf_free_header(echo.unsaid, echo.unsaid->len);
    }
    if (echo.heard_all && echo.unsaid == nullptr) {
        tcp_arg(pcb, nullptr);
        std::unique_ptr<Echo> const done{&echo};
        return tcp_close(pcb);
    }
    // What finds no room below is sent later; lwIP would take an error for data refused.
    tcp_output(pcb);
    return ERR_OK;
}

err_t hear(void* argument, tcp_pcb* pcb, pbuf* data, err_t) {
    if (argument == nullptr) {
        if (data != nullptr)
            pbuf_free(data);
        return ERR_OK;
    }
    Echo& echo = echo_of(argument);
    if (data == nullptr)
        echo.heard_all = true;
    else if (echo.unsaid == nullptr)
        echo.unsaid = data;
    else
        pbuf_cat(echo.unsaid, data);
    return say(argument, pcb);
}

err_t said(void* argument, tcp_pcb* pcb, u16_t) {
    return argument == nullptr ? err_t{ERR_OK} : say(argument, pcb);
}

// The connection is gone already.
void broken(void* argument, err_t) {
    std::unique_ptr<Echo> const gone{static_cast<Echo*>(argument)};
}

err_t accept(void*, tcp_pcb* pcb, err_t) {
    tcp_arg(pcb, new Echo);
    tcp_nagle_disable(pcb);
    tcp_recv(pcb, hear);
    tcp_sent(pcb, said);
    tcp_err(pcb, broken);
    return ERR_OK;
}

}  // namespace

void serve() {
    auto* const pcb = tcp_new();
    if (pcb == nullptr || tcp_bind(pcb, IP_ADDR_ANY, echo_port) != ERR_OK)
        rt::panic("the port cannot be bound");
    tcp_accept(tcp_listen(pcb), accept);
}

}  // namespace flows
