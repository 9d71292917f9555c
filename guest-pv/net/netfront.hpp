// SPDX-License-Identifier: MIT
// The network frontend: finds its device in xenstore, connects to the
// backend, moves frames, and connects again when the backend comes back. One
// thread serves a device: it calls send(), receive() and wait(); a second one,
// of the device's own, watches the backend's state.
#pragma once

#include <memory>
#include <string>

#include "guest-pv/net/control.hpp"
#include "guest-pv/net/device.hpp"
#include "guest-pv/net/queue.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "guest-pv/rt/xenbus/device.hpp"

namespace net {

class Netfront final : public Device {
  public:
    struct Counts {
        TxRing::Counts tx;
        RxRing::Counts rx;
        u64 dropped = 0;  // nothing to send them with
        u64 connects = 0;
    };

    // This guest's device/vif/0. Errno::noent: there is none; Errno::nodev: there is no xenstore.
    static Result<std::unique_ptr<Netfront>> first();

    [[nodiscard]] Mac const& mac() const override { return mac_; }
    [[nodiscard]] bool connected() const { return queue_ != nullptr && !broken_; }
    [[nodiscard]] Counts counts() const;

    // The link is up while there is a backend.
    void on_link_change(LinkHandler handler) override { link_changed_ = std::move(handler); }
    // Waits a while for a free buffer.
    bool send(Fill const& fill) override;
    void flush() override;
    bool receive(Receiver const& receiver) override;
    void wait(Nanos deadline) override;
    void wake() override { activity_.wake_all(); }

  private:
    Netfront(rt::xenbus::Connection& store, std::string device) : store_{store}, device_{std::move(device)} {}

    Result<> read_device();
    void live();
    Result<> connect();
    Result<> advertise(Queue& queue);
    void declare_buffers();
    void ask_for_pages();
    Result<> await_end();
    void disconnect();
    void break_off();
    bool await_room();
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
    LinkHandler link_changed_;
    Counts past_;  // of queues that are gone
};

}  // namespace net
