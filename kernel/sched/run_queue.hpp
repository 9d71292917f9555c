// SPDX-License-Identifier: MIT
// One CPU's runnable units, best first: boosted ones in order of arrival, then
// by credit. Credit is what a unit was granted less what it spent. All units of
// a queue are granted the same, and spend in inverse proportion to their
// weight: so shares follow weights without ever visiting those that sleep.
#pragma once

#include "kernel/sched/unit.hpp"

namespace sched {

class RunQueue {
    Unit* head_ = nullptr;
    Unit* tail_ = nullptr;
    Unit* parked_ = nullptr;  // over their cap; singly linked
    u32 length_ = 0;
    s64 granted_ = 0;

  public:
    // What a unit can save up by sleeping, and what all get when all are broke.
    static constexpr Nanos credit_limit = 10'000'000;

    [[nodiscard]] Unit* front() const { return head_; }
    [[nodiscard]] u32 length() const { return length_; }
    void insert(Unit& u);
    void remove(Unit& u);

    [[nodiscard]] s64 credit(Unit const& u) const { return granted_ - u.spent; }
    void set_credit(Unit& u, s64 credit) { u.spent = granted_ - credit; }
    // Grants everyone as much as makes `u`, the best of all, solvent again.
    void refill_for(Unit const& u);

    void park(Unit& u);
    // Takes u off the parked list; false when it is not there.
    bool unpark(Unit& u);
    // Any parked unit whose window has ended by `now`; null: none.
    Unit* next_due(Nanos now);
    // When the first window of a parked unit ends; timer_off: none is parked.
    [[nodiscard]] Nanos next_window_end() const;
};

// A cap is enforced over windows of this length.
inline constexpr Nanos cap_window = 20'000'000;

}  // namespace sched
