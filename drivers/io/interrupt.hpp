// SPDX-License-Identifier: MIT
// An interrupt source that a driver owns; disconnected at its end.
#pragma once

#include <functional>
#include <memory>

namespace io {

// Must not block; usually marks work and wakes whoever polls.
using InterruptHandler = std::function<void()>;

class Interrupt {
  public:
    Interrupt() = default;
    explicit Interrupt(std::shared_ptr<void> connection) : connection_{std::move(connection)} {}

  private:
    std::shared_ptr<void> connection_;
};

}  // namespace io
