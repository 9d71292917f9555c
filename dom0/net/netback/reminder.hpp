// SPDX-License-Identifier: MIT
// When to tell a guest that what it sent has left: at once when there is much of
// it, else a little later. Linux looks by itself whenever it sends again, and has
// then often seen it before; to be interrupted for each frame costs it more than
// the frame does. Cards moderate their interrupts like this, too. When somebody
// else needs us soon, that is the time to tell; else after `longest`.
#pragma once

#include "kernel/base/types.hpp"

namespace netback {

class Reminder {
  public:
    static constexpr Nanos patience = 100'000;
    static constexpr Nanos longest = 500'000;
    static constexpr u32 enough = 32;  // responses

    // There are `ready` responses from number `asked` on, which is what the guest
    // wants to hear of. True: tell it now.
    bool look(u32 asked, u32 ready, Nanos now) {
        bool const told = told_ && asked == asked_;
        if (ready == 0 || told) {
            since_ = 0;
            return false;
        }
        // It has seen all that came before.
        if (since_ == 0 || asked != asked_)
            since_ = now;
        asked_ = asked;
        told_ = ready >= enough || now - since_ >= patience;
        if (told_)
            since_ = 0;
        return told_;
    }

    [[nodiscard]] bool waits() const { return since_ != 0; }
    // When to look again although nothing happens; zero: not at all.
    [[nodiscard]] Nanos due() const { return waits() ? since_ + longest : 0; }

  private:
    u32 asked_ = 0;
    Nanos since_ = 0;  // something waits to be told; zero: nothing does
    bool told_ = false;
};

}  // namespace netback
