// SPDX-License-Identifier: MIT
// A domain's share of the machine: its weight against other domains, and its
// cap. Its vcpus divide both among themselves, so that having more of them
// gains nothing.
#pragma once

#include <atomic>

#include "kernel/sync/lock.hpp"

namespace sched {

inline constexpr u32 default_weight = 256;

// A cap is enforced over windows of this length, the same ones for all domains.
inline constexpr Nanos cap_window = 20'000'000;

class Share {
    struct Books {
        u32 able = 0;        // vcpus that run or wait for a CPU,
        Nanos since = 0;     // since when they are that many,
        Nanos able_sum = 0;  // and the time of all vcpus together up to then
        s64 window = -1;     // the cap's window that `budget` belongs to,
        Nanos budget = 0;    // and what is left of it; negative: overdrawn
    };
    Locked<Books, Rank::share> books_;
    std::atomic<u32> weight_{default_weight};
    std::atomic<u32> cap_{0};
    u32 vcpus_ = 0;  // fixed before the first of them runs

    [[nodiscard]] Nanos allowance() const { return cap_window / 100 * cap_.load(); }

  public:
    void join() { ++vcpus_; }

    // Costs are in nanoseconds of a domain of default_weight with one able vcpu.
    [[nodiscard]] s64 price_of(Nanos able_time) const { return able_time * default_weight / weight(); }
    [[nodiscard]] u32 weight() const { return weight_.load(std::memory_order_relaxed); }
    [[nodiscard]] u32 cap() const { return cap_.load(std::memory_order_relaxed); }
    // weight: not 0; cap: percent of one CPU for all vcpus together, 0: none.
    void set(u32 weight, u32 cap);

    // A vcpu became able to run, or stopped to be.
    void able_changed(bool able, Nanos now);
    // A clock that runs as many times faster as there are able vcpus: what it
    // shows of a vcpu's running time, price_of() makes what it costs.
    [[nodiscard]] Nanos able_time(Nanos now);

    // The price of so much running time as things are now.
    [[nodiscard]] s64 price(Nanos time);

    // How long a vcpu of a capped domain may run before it must ask again; 0:
    // not before the window ends. What it does not use, or used too much (then
    // it is negative), it settles.
    [[nodiscard]] Nanos reserve(Nanos now);
    void settle(Nanos unused);
};

// When the window that `now` lies in ends.
constexpr Nanos window_end(Nanos now) {
    return (now / cap_window + 1) * cap_window;
}

}  // namespace sched
