// SPDX-License-Identifier: MIT
// UDP sockets of the traffic program. What never should fail ends it.
#pragma once
#include <arpa/inet.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <sys/socket.h>

namespace roles {

inline void must(bool succeeded, char const* what) {
    if (!succeeded) {
        std::perror(what);
        std::exit(1);
    }
}

inline sockaddr_in address(std::uint16_t port, in_addr_t host = INADDR_ANY) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = host;
    return at;
}

inline sockaddr* generic(sockaddr_in& at) {
    return reinterpret_cast<sockaddr*>(&at);
}

// Answers whoever the last datagram came from.
class UdpSocket {
  public:
    explicit UdpSocket(std::uint16_t port) : fd_{socket(AF_INET, SOCK_DGRAM, 0)} {
        auto self = address(port);
        must(fd_ >= 0 && bind(fd_, generic(self), sizeof self) == 0, "bind");
        // What the generator has under way must not be lost between kernel and program.
        int const room = 4 << 20;
        must(setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) == 0, "SO_RCVBUFFORCE");
    }

    std::size_t receive(std::span<char> into) const {
        socklen_t length = sizeof from_;
        auto const n = recvfrom(fd_, into.data(), into.size(), 0, generic(from_), &length);
        must(n >= 0, "recvfrom");
        return static_cast<std::size_t>(n);
    }

    void reply(void const* data, std::size_t length) const {
        must(sendto(fd_, data, length, 0, generic(from_), sizeof from_) >= 0, "sendto");
    }

  private:
    int fd_;
    mutable sockaddr_in from_{};
};

}  // namespace roles
