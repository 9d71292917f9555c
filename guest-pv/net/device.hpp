// SPDX-License-Identifier: MIT
// A network device as those above it see it, whatever it is made of. One
// thread serves it: it calls send(), flush(), receive() and wait().
#pragma once

#include <functional>
#include <span>

#include "guest-pv/net/mac.hpp"
#include "guest-pv/rt/time.hpp"

namespace net {

class Device {
  public:
    // A frame, in the pieces it came in. They are its user's to read only until
    // the receiver returns.
    using Pieces = std::span<std::span<std::byte const> const>;
    using Receiver = std::function<void(Pieces)>;
    // Writes a frame into a buffer and says how long it is.
    using Fill = std::function<usize(std::span<std::byte>)>;
    using LinkHandler = std::function<void(bool up)>;

    virtual ~Device() = default;

    [[nodiscard]] virtual Mac const& mac() const = 0;

    // Runs once frames can go, and again at each change.
    virtual void on_link_change(LinkHandler handler) = 0;

    // Queue a frame; false: it is dropped. It goes, at the latest, by flush().
    virtual bool send(Fill const& fill) = 0;
    virtual void flush() = 0;

    // Hands over what has come, up to a budget; false when nothing had.
    virtual bool receive(Receiver const& receiver) = 0;

    // Sleep until there is something to receive or the link changed.
    virtual void wait(Nanos deadline) = 0;
    // End that sleep for another reason.
    virtual void wake() = 0;
};

}  // namespace net
