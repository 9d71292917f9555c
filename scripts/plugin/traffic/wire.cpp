// SPDX-License-Identifier: MIT
#include "scripts/plugin/traffic/wire.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>

namespace traffic {
namespace {

// So many frames fit into the socket. When there are more, QEMU keeps the rest
// and its main thread sends them.
constexpr unsigned fit_for_certain = 64;

[[noreturn]] void fail(char const* what) {
    std::perror(what);
    std::abort();
}

// What was sent and is not yet taken, in bytes of the kernel's own reckoning.
int not_taken(int socket) {
    int bytes = 0;
    if (ioctl(socket, SIOCOUTQ, &bytes) != 0)
        fail("traffic: SIOCOUTQ");
    return bytes;
}

}  // namespace

// A full socket has room again when the machine's main thread takes from it:
// nobody sends while the card is blocked.
void Wire::send(Frame frame) {
    sent_ = true;
    while (::send(sockets_.frames, frame.data(), frame.size(), MSG_DONTWAIT) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            fail("traffic: send");
        pollfd room{sockets_.frames, POLLOUT, 0};
        poll(&room, 1, 1);
    }
}

void Wire::ask_main_thread() {
    char nothing = 0;
    if (::send(sockets_.question, &nothing, sizeof nothing, 0) != sizeof nothing)
        fail("traffic: question");
    if (recv(sockets_.answer, &nothing, sizeof nothing, 0) != sizeof nothing)
        fail("traffic: answer");
}

// A frame is taken before the card has it; what is asked when there is none left
// is answered after that. Where two answers came and nothing was taken, the card
// is full: the main thread has looked at both sockets since.
void Wire::wait_for_main_thread() {
    int before = not_taken(sockets_.frames);
    for (int unchanged = 0; unchanged < (before == 0 ? 1 : 2);) {
        ask_main_thread();
        int const now = not_taken(sockets_.frames);
        unchanged = now == before ? unchanged + 1 : 0;
        before = now;
    }
    sent_ = false;
    blocked_ = before != 0;
    received_ = 0;
}

void Wire::settle() {
    if (sent_)
        wait_for_main_thread();
}

void Wire::unblock() {
    if (blocked_)
        wait_for_main_thread();
}

std::optional<Frame> Wire::receive() {
    if (received_ >= fit_for_certain)
        wait_for_main_thread();
    auto const length = recv(sockets_.frames, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (length < 0) {
        received_ = 0;
        return std::nullopt;
    }
    received_++;
    return Frame{buffer_.data(), static_cast<std::size_t>(length)};
}

}  // namespace traffic
