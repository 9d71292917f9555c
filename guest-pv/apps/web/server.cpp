// SPDX-License-Identifier: MIT
#include "guest-pv/apps/web/server.hpp"

#include <algorithm>
#include <array>

namespace web {

namespace {

// lwIP calls on_poll() so often, in units of half a second; a client that does
// nothing for so many calls is let go.
constexpr u8 poll_interval = 4;
constexpr unsigned max_idle_polls = 15;

// One connection: reads a request, sends the response, closes. It deletes
// itself when lwIP has no more use for it.
class Client {
  public:
    Client(tcp_pcb* pcb, Handler const& handler) : pcb_{pcb}, handler_{handler} {
        tcp_arg(pcb_, this);
        tcp_recv(pcb_, on_receive);
        tcp_sent(pcb_, on_sent);
        tcp_err(pcb_, on_error);
        tcp_poll(pcb_, on_poll, poll_interval);
    }

  private:
    static Client& self(void* argument) { return *static_cast<Client*>(argument); }

    static err_t on_receive(void* argument, tcp_pcb* pcb, pbuf* data, err_t) {
        if (data == nullptr)
            return self(argument).finish();
        tcp_recved(pcb, data->tot_len);
        err_t const outcome = self(argument).receive(*data);
        pbuf_free(data);
        return outcome;
    }
    static err_t on_sent(void* argument, tcp_pcb*, u16_t) {
        self(argument).idle_polls_ = 0;
        return self(argument).send();
    }
    static err_t on_poll(void* argument, tcp_pcb*) { return self(argument).poll(); }
    // The connection is gone already.
    static void on_error(void* argument, err_t) { delete static_cast<Client*>(argument); }

    err_t receive(pbuf const& data);
    void respond(Response response, bool with_body);
    err_t send();
    err_t send_body();
    err_t poll();
    err_t finish();
    err_t abort();
    void detach();

    tcp_pcb* pcb_;
    Handler const& handler_;
    std::string received_;
    bool responding_ = false;
    Response response_;
    std::string head_;
    u64 sent_ = 0;  // of head and body
    u64 total_ = 0;
    unsigned idle_polls_ = 0;
};

err_t Client::receive(pbuf const& data) {
    idle_polls_ = 0;
    if (responding_)
        return ERR_OK;  // one request a connection; the rest is of no interest
    for (pbuf const* piece = &data; piece != nullptr; piece = piece->next)
        received_.append(static_cast<char const*>(piece->payload), piece->len);
    auto const end = end_of_head(received_);
    if (!end && received_.size() < max_request)
        return ERR_OK;
    auto const request = end ? parse_request({received_.data(), *end}) : std::nullopt;
    if (!end)
        respond(Response::text(431, "text/plain", "Request too large\n"), true);
    else if (!request)
        respond(Response::text(400, "text/plain", "Not a request\n"), true);
    else if (request->method != "GET" && request->method != "HEAD")
        respond(Response::text(405, "text/plain", "Only GET and HEAD\n"), true);
    else
        respond(handler_(*request), request->method == "GET");
    return send();
}

void Client::respond(Response response, bool with_body) {
    responding_ = true;
    response_ = std::move(response);
    head_ = head_of(response_);
    total_ = head_.size() + (with_body ? response_.length : 0);
}

// As much as lwIP takes now. It copies, as the bytes are made on the spot.
err_t Client::send() {
    while (responding_ && sent_ < total_) {
        std::array<char, 4 * TCP_MSS> chunk;
        u64 const room = std::min<u64>(tcp_sndbuf(pcb_), chunk.size());
        bool const in_head = sent_ < head_.size();
        u64 const part_end = in_head ? head_.size() : total_;
        auto const length = static_cast<u16_t>(std::min(room, part_end - sent_));
        if (length == 0)
            break;
        if (in_head)
            head_.copy(chunk.data(), length, sent_);
        else
            response_.fill(sent_ - head_.size(), std::span{chunk}.first(length));
        u8_t const more = sent_ + length < total_ ? TCP_WRITE_FLAG_MORE : 0;
        // No memory now: go on when something was acknowledged, or by poll.
        if (tcp_write(pcb_, chunk.data(), length, TCP_WRITE_FLAG_COPY | more) != ERR_OK)
            break;
        sent_ += length;
    }
    tcp_output(pcb_);
    if (responding_ && sent_ == total_)
        return finish();
    return ERR_OK;
}

err_t Client::poll() {
    return ++idle_polls_ > max_idle_polls ? abort() : send();
}

void Client::detach() {
    tcp_arg(pcb_, nullptr);
    tcp_recv(pcb_, nullptr);
    tcp_sent(pcb_, nullptr);
    tcp_err(pcb_, nullptr);
    tcp_poll(pcb_, nullptr, 0);
}

// lwIP sends what is queued and then says goodbye.
err_t Client::finish() {
    detach();
    if (tcp_close(pcb_) != ERR_OK)
        return abort();
    delete this;
    return ERR_OK;
}

err_t Client::abort() {
    detach();
    tcp_abort(pcb_);
    delete this;
    return ERR_ABRT;
}

}  // namespace

bool Server::listen(u16 port) {
    tcp_pcb* const pcb = tcp_new();
    if (pcb == nullptr || tcp_bind(pcb, IP_ADDR_ANY, port) != ERR_OK)
        return false;
    tcp_pcb* const listener = tcp_listen(pcb);
    if (listener == nullptr)
        return false;
    tcp_arg(listener, this);
    tcp_accept(listener, accept);
    return true;
}

err_t Server::accept(void* self, tcp_pcb* pcb, err_t error) {
    if (error != ERR_OK || pcb == nullptr)
        return ERR_VAL;
    // Belongs to lwIP's callbacks from here on.
    new Client{pcb, static_cast<Server*>(self)->handler_};
    return ERR_OK;
}

}  // namespace web
