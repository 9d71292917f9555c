// SPDX-License-Identifier: MIT
// How soon after one message a vector may send the next. Where frames are many,
// to be told of each few costs more than to wait for some more; where they are
// few, somebody waits for each.
#pragma once

#include <utility>

#include "kernel/base/types.hpp"

namespace nic::intel {

class Moderation {
  public:
    static constexpr u32 light_us = 20;
    static constexpr u32 busy_us = 30;  // in which a sixth of a ring's places fill, of the smallest frames
    // Frames from one arming to the next that make it busy, and light again.
    static constexpr u32 many = 16;
    static constexpr u32 few = 4;

    // So many frames were received, or sent.
    void moved(u32 frames) { moved_ += frames; }

    // The vector is armed again. True: the interval is another one from now on.
    bool armed() {
        u32 const moved = std::exchange(moved_, 0);
        bool const was_busy = busy_;
        busy_ = moved >= many || (was_busy && (moved == 0 || moved > few));
        return busy_ != was_busy;
    }

    [[nodiscard]] u32 interval_us() const { return busy_ ? busy_us : light_us; }

  private:
    u32 moved_ = 0;
    bool busy_ = false;
};

}  // namespace nic::intel
