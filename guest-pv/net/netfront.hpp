// SPDX-License-Identifier: MIT
// The network frontend: finds its device in xenstore, connects to the
// backend, moves frames, and connects again when the backend comes back. One
// thread serves a device: it calls send(), receive() and wait(); a second one,
// of the device's own, watches the backend's state.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "guest-pv/net/control.hpp"
#include "guest-pv/net/mac.hpp"
#include "guest-pv/net/queue.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "guest-pv/rt/xenbus/device.hpp"

namespace net {

class Netfront {
  public:
    using Receiver = std::function<void(RxRing::Pieces)>;

    struct Counts {
        TxRing::Counts tx;
        RxRing::Counts rx;
        u64 dropped = 0;  // nothing to send them with
        u64 connects = 0;
    };

    // The device `device/vif/INDEX` of this guest. Errno::noent: there is none.
    static Result<std::unique_ptr<Netfront>> open(rt::xenbus::Connection& store, unsigned index);

    [[nodiscard]] Mac const& mac() const { return mac_; }
    [[nodiscard]] bool connected() const { return queue_ != nullptr && !broken_; }
    [[nodiscard]] Counts counts() const;

    // Runs once a backend is there, and again at each change.
    void on_link_change(std::function<void(bool connected)> handler) { link_changed_ = std::move(handler); }

    // Queue a frame: `fill` writes it into a buffer and says how long it is.
    // Waits a while for a free buffer. The backend hears of it by flush().
    bool send(std::function<usize(std::span<std::byte>)> const& fill);
    void flush();

    // Hands over what has come, up to a budget; false when nothing had.
    bool receive(Receiver const& receiver);

    // Sleep until there is something to receive or the link changed.
    void wait(Nanos deadline);
    // End that sleep for another reason.
    void wake() { activity_.wake_all(); }

  private:
    Netfront(rt::xenbus::Connection& store, std::string device) : store_{store}, device_{std::move(device)} {}

    Result<> read_device();
    void live();
    Result<> connect();
    Result<> advertise(Queue& queue);
    void declare_buffers();
    Result<> await_end();
    void disconnect();
    void break_off();
    bool await_room(Queue& queue);
    void set_queue(std::shared_ptr<Queue> queue);

    rt::xenbus::Connection& store_;
    std::string device_;
    std::string backend_;
    DomId backend_id_{};
    Mac mac_{};
    // Shared with whoever sleeps in the middle of using it.
    std::shared_ptr<Queue> queue_;
    std::unique_ptr<Control> control_;  // of the same connection; none if the backend has none
    bool broken_ = false;               // the backend broke the protocol: never again
    rt::WaitQueue activity_;
    rt::WaitQueue end_;  // the backend's state changed, or broken_
    std::function<void(bool)> link_changed_;
    Counts past_;  // of queues that are gone
};

}  // namespace net
