// SPDX-License-Identifier: MIT
// How to hear of a guest's frames: by its notification or, when it keeps sending
// without being sent anything, by looking at intervals and when there are many.
// To be woken for each frame costs several times what the frame does.
#pragma once

#include "kernel/base/types.hpp"

namespace netback {

class Pace {
  public:
    static constexpr Nanos interval = 250'000;
    static constexpr u32 streak = 4;
    static constexpr u32 enough = 32;  // slots, not to be left until then

    // Frames of the guest were found. When to look again; zero: at its notification.
    Nanos found(Nanos now) {
        looks_ = now - last_ <= interval ? looks_ + 1 : 1;
        last_ = now;
        return looks_ >= streak ? now + interval : 0;
    }

    // It was given a frame, and may be about to answer: others wait for that.
    void gave() { looks_ = 0; }

  private:
    Nanos last_ = 0;
    u32 looks_ = 0;  // one soon after the other
};

}  // namespace netback
