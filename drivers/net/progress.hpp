// SPDX-License-Identifier: MIT
// Whether a queue moves, as seen about once a second. Counting what was done
// costs the path of a packet less than asking for the time.
#pragma once

#include <optional>
#include <utility>

#include "drivers/io/clock.hpp"

namespace nic {

class Progress {
  public:
    void count() { ++done_; }

    // `waits`: something is in flight that nothing holds up. True when nothing
    // has been done for too long.
    [[nodiscard]] bool stands_still(Nanos now, bool waits) {
        if (!waits || std::exchange(seen_, done_) != done_) {
            since_.reset();
            return false;
        }
        since_ = since_.value_or(now);
        return now - *since_ > limit;
    }

  private:
    static constexpr Nanos limit = 5 * io::second;

    u64 done_ = 0;
    u64 seen_ = 0;
    std::optional<Nanos> since_;
};

}  // namespace nic
