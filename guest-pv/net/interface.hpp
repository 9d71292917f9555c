// SPDX-License-Identifier: MIT
// A guest's network: its first vif under lwIP, with the address that the
// command line says,
//
//     ip=dhcp  (or nothing)        ip=ADDRESS/PREFIX  [gateway=ADDRESS]
//
// lwIP knows no threads. All calls into it are made by the network thread, in
// lwIP's callbacks or in what run() is given.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <lwip/netif.h>

#include "guest-pv/net/netfront.hpp"

namespace net {

class Interface {
  public:
    // Finds the device and starts the network thread.
    static Result<Interface*> start();

    // Has the network thread do something; `work` must not sleep.
    void run(std::function<void()> work);

    // Sleep until there is an address; false when `deadline` passed.
    bool wait_for_address(Nanos deadline = rt::never);
    [[nodiscard]] std::string address() const;

    [[nodiscard]] Netfront const& device() const { return *device_; }

  private:
    explicit Interface(std::unique_ptr<Netfront> device);

    Result<> configure();
    void serve();
    void receive_frame(RxRing::Pieces pieces);
    static err_t set_up(netif* interface);
    static err_t send_frame(netif* interface, pbuf* frame);

    std::unique_ptr<Netfront> device_;
    netif netif_{};
    rt::WaitQueue addressed_;
    std::vector<std::function<void()>> work_;
};

}  // namespace net
