// SPDX-License-Identifier: MIT
#include "kernel/domain/refusals.hpp"

void Refusals::note(std::string_view call, Errno why, u64 first, u64 second) {
    Refusal& last = ring_[(next_ + ring_.size() - 1) % ring_.size()];
    if (last.times != 0 && last.call == call && last.why == why) {
        last = {call, why, first, second, last.times + 1};
        return;
    }
    ring_[next_] = {call, why, first, second, 1};
    next_ = (next_ + 1) % ring_.size();
}
