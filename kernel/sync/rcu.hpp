// SPDX-License-Identifier: MIT
// Reading what others may replace, without a lock: readers never wait; whoever
// has replaced something waits until all who may have found the old one are
// through, and only then reuses or frees it.
#pragma once

// A short stretch in which what was found stays: bounded, without waiting for
// anything but locks after Rank::rcu. What it finds things by must be atomic.
// Does not nest.
class RcuReader {
  public:
    RcuReader();
    ~RcuReader();
    RcuReader(RcuReader const&) = delete;
    RcuReader& operator=(RcuReader const&) = delete;
};

namespace rcu {

// Returns when every reader is through that was there when it was called.
void synchronize();

}  // namespace rcu
