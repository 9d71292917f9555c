// SPDX-License-Identifier: MIT
// The wire to the machine's network card, in the machine's time: whatever is
// sent or received lies between two of its instructions, always the same two.
//
// QEMU reads frames from a socket in its main thread, when the operating system
// happens to let it. We run on the thread of the CPU, which stands still
// meanwhile, and so can wait until the main thread is done: it also hands on
// what is sent to `question` to `answer`, by a hub, one thing after the other.
// What the card sends it puts into the socket on our thread.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace traffic {

using Frame = std::span<std::byte const>;

// Datagram sockets of ours, by their numbers.
struct Sockets {
    int frames = -1;
    int question = -1;
    int answer = -1;
};

class Wire {
  public:
    explicit Wire(Sockets sockets) : sockets_{sockets}, buffer_(65536) {}

    // The card has the frame at the next settle(), unless it is blocked.
    void send(Frame frame);

    // Until the card has all that was sent, or takes no more.
    void settle();
    // It would not take all that was sent.
    [[nodiscard]] bool blocked() const { return blocked_; }
    // The card may have got buffers.
    void unblock();

    // The next frame that the machine sent, good until the next call.
    std::optional<Frame> receive();

  private:
    void ask_main_thread();
    void wait_for_main_thread();

    Sockets sockets_;
    std::vector<std::byte> buffer_;
    bool sent_ = false;  // since settle()
    bool blocked_ = false;
    unsigned received_ = 0;  // since the main thread was last waited for
};

}  // namespace traffic
