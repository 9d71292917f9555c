// SPDX-License-Identifier: MIT
// A guest's network: a device under lwIP, with the address that the
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

#include "guest-pv/net/device.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"
#include "kernel/base/result.hpp"

namespace net {

class Interface {
  public:
    // Starts the network thread. The device serves it for as long as the guest lives.
    static Result<Interface*> start(std::unique_ptr<Device> device);

    // Has the network thread do something; `work` must not sleep.
    void run(std::function<void()> work);

    // Sleep until there is an address; false when `deadline` passed.
    bool wait_for_address(Nanos deadline = rt::never);
    [[nodiscard]] std::string address() const;

  private:
    explicit Interface(std::unique_ptr<Device> device);

    Result<> configure();
    void serve();
    void receive_frame(Device::Pieces pieces);
    static err_t set_up(netif* interface);
    static err_t send_frame(netif* interface, pbuf* frame);

    std::unique_ptr<Device> device_;
    netif netif_{};
    rt::WaitQueue addressed_;
    std::vector<std::function<void()>> work_;
};

}  // namespace net
