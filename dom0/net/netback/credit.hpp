// SPDX-License-Identifier: MIT
// How much a guest may send: so many bytes an interval. What one frame took too
// much is missing in the next interval, so the rate holds in the long run.
#pragma once

#include <algorithm>
#include <limits>

#include "kernel/base/types.hpp"

namespace netback {

struct Rate {
    u64 bytes = 0;  // zero: no limit
    Nanos interval = 0;
};

class Credit {
  public:
    explicit Credit(Rate rate) : rate_{rate} {}

    // Bytes that may be sent now; zero: none before refill_at().
    u64 left(Nanos now) {
        if (rate_.bytes == 0)
            return std::numeric_limits<u64>::max();
        refill(now);
        return spent_ < rate_.bytes ? rate_.bytes - spent_ : 0;
    }
    void spend(u64 bytes) { spent_ += rate_.bytes == 0 ? 0 : bytes; }
    [[nodiscard]] Nanos refill_at() const { return interval_end_; }

  private:
    void refill(Nanos now) {
        if (now < interval_end_)
            return;
        // Intervals that nobody used are gone, those that were overdrawn are not.
        u64 const passed = 1 + static_cast<u64>((now - interval_end_) / rate_.interval);
        u64 const paid = passed > spent_ / rate_.bytes ? spent_ : passed * rate_.bytes;
        spent_ -= paid;
        interval_end_ += static_cast<Nanos>(passed) * rate_.interval;
    }

    Rate rate_;
    u64 spent_ = 0;
    Nanos interval_end_ = 0;
};

}  // namespace netback
