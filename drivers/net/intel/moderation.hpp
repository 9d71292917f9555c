// SPDX-License-Identifier: MIT
// How soon after one message a vector may send the next. Where frames are many,
// to be told of each few costs more than to wait for some more; where they are
// few, somebody waits for each; and where they are so many that a ring's places
// might run out, it is looked at sooner again.
#pragma once

#include <utility>

#include "kernel/base/types.hpp"

namespace nic::intel {

class Moderation {
  public:
    static constexpr u32 light_us = 20;
    static constexpr u32 busy_us = 50;
    static constexpr u32 full_us = 30;  // in which a sixth of a ring's places fill, of the smallest frames
    // Frames from one arming to the next that make it busy, and light again.
    static constexpr u32 many = 16;
    static constexpr u32 few = 4;
    // And those that make it full, and busy again: as many in the time between.
    static constexpr u32 crowd = 36;
    static constexpr u32 fewer = crowd / 2;

    // So many frames were received, or sent.
    void moved(u32 frames) { moved_ += frames; }

    // The vector is armed again. True: the interval is another one from now on.
    bool armed() {
        u32 const moved = std::exchange(moved_, 0);
        Load const before = std::exchange(load_, next(moved));
        return load_ != before;
    }

    [[nodiscard]] u32 interval_us() const {
        return load_ == Load::full ? full_us : load_ == Load::busy ? busy_us : light_us;
    }

  private:
    enum class Load : u8 { light, busy, full };

    // Arming without a frame says nothing.
    [[nodiscard]] Load next(u32 moved) const {
        if (moved == 0)
            return load_;
        if (moved >= crowd || (load_ == Load::full && moved >= fewer))
            return Load::full;
        bool const stays = load_ != Load::light && moved > few;
        return moved >= many || stays ? Load::busy : Load::light;
    }

    u32 moved_ = 0;
    Load load_ = Load::light;
};

}  // namespace nic::intel
