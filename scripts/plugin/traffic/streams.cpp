// SPDX-License-Identifier: MIT
// Work with TCP: bulk to or from the guest, on one connection.
#include <array>

#include "guest-pv/traffic/protocol.hpp"
#include "scripts/plugin/traffic/works.hpp"

namespace traffic {
namespace {

constexpr std::uint64_t segment = TCP_MSS;

// A connection to the guest that counts the bytes that came to their end.
class Stream {
  public:
    Stream(Bench& bench, std::uint16_t port, bool sends) : pcb_{tcp_new()}, sends_{sends} {
        tcp_arg(pcb_, this);
        tcp_err(pcb_, [](void* self, err_t) { self_of(self).pcb_ = nullptr; });
        tcp_recv(pcb_, [](void* self, tcp_pcb*, pbuf* data, err_t) { return self_of(self).received(data); });
        tcp_sent(pcb_, [](void* self, tcp_pcb*, u16_t length) { return self_of(self).acknowledged(length); });
        tcp_connect(pcb_, &bench.host.guest(), port,
                    [](void* self, tcp_pcb*, err_t) { return self_of(self).acknowledged(0); });
    }
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;
    ~Stream() {
        if (pcb_)
            tcp_abort(pcb_);
    }

    // By the guest, or by lwIP, which has tried again in vain.
    [[nodiscard]] bool ended() const { return pcb_ == nullptr || closed_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    static Stream& self_of(void* self) { return *static_cast<Stream*>(self); }

    err_t received(pbuf* data) {
        if (!data) {
            closed_ = true;
            return ERR_OK;
        }
        bytes_ += data->tot_len;
        tcp_recved(pcb_, data->tot_len);
        pbuf_free(data);
        return ERR_OK;
    }

    err_t acknowledged(u16_t length) {
        static std::array<char, 32 * segment> const data{};
        bytes_ += length;
        while (sends_ && tcp_sndbuf(pcb_) >= data.size() &&
               tcp_write(pcb_, data.data(), data.size(), 0) == ERR_OK) {
        }
        return tcp_output(pcb_);
    }

    tcp_pcb* pcb_;
    bool sends_;
    bool closed_ = false;  // by the guest, whose last bytes these were
    std::uint64_t bytes_ = 0;
};

Work bulk(Bench& bench, Parameters parameters, std::uint16_t port, bool sends) {
    Stream stream{bench, port, sends};
    auto const all = parameters.packets * segment;
    co_await [&] { return stream.ended() || stream.bytes() >= all / 5; };
    auto const from = stream.bytes();
    bench.ledger.open();
    co_await [&] { return stream.ended() || stream.bytes() >= all; };
    bench.ledger.close();
    if (stream.bytes() < all) {
        bench.outcome.failure = "the connection ended early";
        co_return;
    }
    bench.outcome = {(stream.bytes() - from) / segment, parameters.packets, stream.bytes() / segment};
}

}  // namespace

Work stream_in(Bench& bench, Parameters parameters) {
    return bulk(bench, parameters, sink_port, true);
}

Work stream_out(Bench& bench, Parameters parameters) {
    return bulk(bench, parameters, source_port, false);
}

}  // namespace traffic
