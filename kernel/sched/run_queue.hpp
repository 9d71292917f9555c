// SPDX-License-Identifier: MIT
// One CPU's runnable units, best first: boosted ones in order of arrival, then
// by credit. Credit is what a unit was granted less what it spent. All units of
// a queue are granted the same, and spend in inverse proportion to their
// weight: so shares follow weights without ever visiting those that sleep.
#pragma once

#include "kernel/machine/cpu.hpp"
#include "kernel/sched/unit.hpp"

namespace sched {

class RunQueue {
    Unit* head_ = nullptr;
    Unit* tail_ = nullptr;
    Unit* parked_ = nullptr;  // over their cap; singly linked
    Nanos parked_until_ = machine::timer_off;
    u32 length_ = 0;
    s64 granted_ = 0;
    s64 offset_ = 0;
    CpuId cpu_{};

  public:
    // What a unit can save up by sleeping, and what all get when all are broke.
    static constexpr Nanos credit_limit = 10'000'000;

    void init(CpuId cpu) { cpu_ = cpu; }
    [[nodiscard]] CpuId cpu() const { return cpu_; }

    [[nodiscard]] Unit* front() const { return head_; }
    [[nodiscard]] u32 length() const { return length_; }
    void insert(Unit& u);
    void remove(Unit& u);

    [[nodiscard]] s64 credit(Unit const& u) const { return granted_ - u.spent; }
    void set_credit(Unit& u, s64 credit) { u.spent = granted_ - credit; }
    // What a unit has spent, comparable between queues; skip() makes it more
    // for all units of this one, which changes nothing among themselves.
    [[nodiscard]] s64 progress(Unit const& u) const { return u.spent + offset_; }
    void set_progress(Unit& u, s64 progress) { u.spent = progress - offset_; }
    void skip(s64 by) { offset_ += by; }
    // Nobody is here to compare with: whoever comes, having come so far, is
    // neither in credit nor in debt.
    void follow(s64 progress) { offset_ = progress - granted_; }
    // Grants everyone as much as makes `u`, the best of all, solvent again.
    void refill_for(Unit const& u);

    void park(Unit& u, Nanos until);
    // Takes u off the parked list; nothing happens when it is not there.
    void unpark(Unit& u);
    // Takes any one off whose time has come by `now`; null: none.
    Unit* next_due(Nanos now);
    // timer_off: none is parked.
    [[nodiscard]] Nanos parked_until() const { return parked_until_; }
};

}  // namespace sched
