// SPDX-License-Identifier: MIT
// A watch on a part of xenstore; it ends with this object.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "guest-pv/rt/thread/wait_queue.hpp"
#include "guest-pv/rt/time.hpp"
#include "kernel/base/result.hpp"

namespace rt::xenbus {

class Transport;

class Watch {
  public:
    // Made by Connection::watch().
    Watch(std::shared_ptr<Transport> transport, std::string path);
    Result<> begin();
    ~Watch();
    Watch(Watch const&) = delete;
    Watch& operator=(Watch const&) = delete;

    // Path of the next change, or Errno::timedout. Changes of one path that
    // nobody has asked for yet are reported once.
    Result<std::string> wait(Nanos deadline = never);
    [[nodiscard]] bool pending() const { return !events_.empty(); }

    // Beside waking waiters, runs at each event; must not block.
    void on_event(std::function<void()> handler) { handler_ = std::move(handler); }

    [[nodiscard]] std::string const& path() const { return path_; }

  private:
    friend class Transport;
    void deliver(std::string path);
    Result<> tell(unsigned type);

    std::shared_ptr<Transport> transport_;
    std::string path_;
    std::string token_;
    bool begun_ = false;
    std::deque<std::string> events_;
    WaitQueue waiters_;
    std::function<void()> handler_;
};

}  // namespace rt::xenbus
