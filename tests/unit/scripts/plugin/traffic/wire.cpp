// SPDX-License-Identifier: MIT
#include "scripts/plugin/traffic/wire.hpp"

#include <array>
#include <atomic>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

namespace {

using traffic::Frame;
using traffic::Wire;

struct Pair {
    std::array<int, 2> ends{};
    Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()) == 0); }
    ~Pair() {
        close(ends[0]);
        close(ends[1]);
    }
};

// In the place of QEMU's main thread: takes a frame at a time while the card has
// room, and hands on questions, in the order of poll().
class MainThread {
  public:
    ~MainThread() {
        over_ = true;
        char const nothing = 0;
        static_cast<void>(send(question_.ends[0], &nothing, 1, 0));
        thread_.join();
    }

    [[nodiscard]] traffic::Sockets sockets() const {
        return {frames_.ends[0], question_.ends[0], answer_.ends[0]};
    }
    [[nodiscard]] int card() const { return frames_.ends[1]; }

    std::atomic<int> room = 1000;
    std::atomic<int> taken = 0;

  private:
    void run() {
        while (!over_) {
            // Woken often enough to see that there is room again.
            std::array<pollfd, 2> ready{
                {{room > 0 ? card() : -1, POLLIN, 0}, {question_.ends[1], POLLIN, 0}}};
            poll(ready.data(), ready.size(), 1);
            std::array<char, 2048> bytes{};
            if (ready[0].revents & POLLIN && recv(card(), bytes.data(), bytes.size(), 0) > 0) {
                std::this_thread::yield();
                room--;
                taken++;
            }
            if (ready[1].revents & POLLIN && recv(question_.ends[1], bytes.data(), bytes.size(), 0) > 0)
                static_cast<void>(send(answer_.ends[1], bytes.data(), 1, 0));
        }
    }

    Pair frames_, question_, answer_;
    std::atomic<bool> over_ = false;
    std::thread thread_{[this] { run(); }};
};

constexpr std::array<std::byte, 60> frame{};

TEST_CASE("a frame is the card's when the wire has settled") {
    MainThread machine;
    Wire wire{machine.sockets()};
    for (int round = 1; round <= 200; round++) {
        wire.send(frame);
        wire.settle();
        REQUIRE(machine.taken == round);
        REQUIRE_FALSE(wire.blocked());
    }
}

TEST_CASE("a card without room blocks the wire until it has some") {
    MainThread machine;
    Wire wire{machine.sockets()};
    machine.room = 3;
    for (int i = 0; i < 5; i++)
        wire.send(frame);
    wire.settle();
    CHECK(machine.taken == 3);
    CHECK(wire.blocked());
    machine.room = 1;
    wire.unblock();
    CHECK(machine.taken == 4);
    CHECK(wire.blocked());
    machine.room = 10;
    wire.unblock();
    CHECK(machine.taken == 5);
    CHECK_FALSE(wire.blocked());
}

TEST_CASE("what the card sends is received in order, whole, and once") {
    MainThread machine;
    Wire wire{machine.sockets()};
    for (std::size_t length = 60; length < 160; length++) {
        std::vector<std::byte> const sent(length, std::byte{7});
        REQUIRE(send(machine.card(), sent.data(), sent.size(), 0) == static_cast<ssize_t>(length));
        auto const received = wire.receive();
        REQUIRE(received);
        REQUIRE(received->size() == length);
        REQUIRE_FALSE(wire.receive());
    }
}

}  // namespace
