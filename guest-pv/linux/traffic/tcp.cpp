// SPDX-License-Identifier: MIT
// Bulk transfers: each serves one connection after the other.
#include "guest-pv/linux/traffic/roles.hpp"

#include <array>
#include <csignal>
#include <unistd.h>

#include "guest-pv/linux/traffic/socket.hpp"
#include "guest-pv/traffic/protocol.hpp"

namespace roles {
namespace {

using Buffer = std::array<char, 65536>;

template <class Serve>
[[noreturn]] void serve(std::uint16_t port, Serve serve_one) {
    auto self = address(port);
    int const listener = socket(AF_INET, SOCK_STREAM, 0);
    must(listener >= 0 && bind(listener, generic(self), sizeof self) == 0 && listen(listener, 1) == 0,
         "listen");
    for (;;) {
        int const peer = accept(listener, nullptr, nullptr);
        must(peer >= 0, "accept");
        serve_one(peer);
        close(peer);
    }
}

}  // namespace

void stream_sink() {
    static Buffer buffer;
    serve(traffic::sink_port, [](int peer) {
        while (read(peer, buffer.data(), buffer.size()) > 0) {
        }
    });
}

void stream_source() {
    static Buffer buffer;
    must(std::signal(SIGPIPE, SIG_IGN) != SIG_ERR, "signal");
    serve(traffic::source_port, [](int peer) {
        while (write(peer, buffer.data(), buffer.size()) > 0) {
        }
    });
}

}  // namespace roles
