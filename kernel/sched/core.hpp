// SPDX-License-Identifier: MIT
// One physical CPU's scheduling decisions: who runs, for how long, and what it
// costs. Works under that CPU's run-queue lock; cores.hpp has the right one.
#pragma once

#include "kernel/machine/cpu.hpp"
#include "kernel/sched/run_queue.hpp"

namespace sched {

// A vcpu that runs while others wait is looked at again after this long,
inline constexpr Nanos slice_length = 5'000'000;
// and one that was preferred for waking up keeps the preference for this long.
inline constexpr Nanos boost_length = 1'000'000;
// Before it has run for so long nobody is preempted: the way there and back would take much of what vcpus
// that only sleep for instants leave to who computes. Each step of a packet beside a guest that floods may
// have to wait for so long: with 10 us a round trip takes three times its time, and with 50 us a driver
// domain on its guests' CPU comes too late for what they send.
inline constexpr Nanos least_run = 3'000;

// Nobody is behind those of another CPU by more than this price: where units
// cannot get their share, or not less than more of it, for there is no better
// place for anybody, no claims and debts pile up.
inline constexpr s64 most_behind = 20 * slice_length;

// Whether a unit could run if it had a CPU.
bool can_run(Unit const& u);
// What a unit that cannot run is: blocked dominates.
State resting_state(Unit const& u);
// Charges the time since the last change to the old state.
void enter(Unit& u, State s, Nanos now);

// How a unit comes to wait: from sleep, which may earn a boost; from not being
// allowed to run; or from another queue, where it waited as well.
enum class Arrival : u8 { woken, allowed, moved };

// What that means for its CPU: to choose again; or that whoever runs has a slice
// now, of which deadline() is the end; or nothing.
enum class Notice : u8 { none, slice, choose };

class Core {
    RunQueue queue_;
    Unit* running_ = nullptr;
    Nanos slice_start_ = 0;
    Nanos slice_ = slice_length;
    // Whoever runs does so while nobody waits, here or elsewhere.
    bool alone_ = false;
    // Just now this CPU works for others than who runs; see interrupt().
    bool interrupted_ = false;
    // The last choice ended somebody's slice, and others still wait.
    bool crowded_ = false;
    Nanos unpaid_since_ = 0;  // while interrupted: nobody pays yet for what passed since then

    void charge(Nanos now);
    void turn_away(Unit& u, Nanos now);
    void park(Unit& u, Nanos now);
    void release_parked(Nanos now);
    [[nodiscard]] bool slice_over(Nanos now) const { return now - slice_start_ >= slice_; }
    bool keeps_running(Nanos now);
    Unit* take_front(Nanos now);
    void begin_slice(Nanos now);
    void start(Unit& u, Nanos now);
    void replace_running(Nanos now);
    [[nodiscard]] Unit const* best() const;

  public:
    void init(CpuId id) { queue_.init(id); }
    [[nodiscard]] CpuId id() const { return queue_.cpu(); }
    [[nodiscard]] Unit* running() const { return running_; }
    [[nodiscard]] RunQueue const& queue() const { return queue_; }
    [[nodiscard]] bool alone() const { return alone_; }
    [[nodiscard]] bool crowded() const { return crowded_; }

    // Charges whoever ran and names who runs next; null: nobody here can.
    Unit* choose(Nanos now, bool others_wait);
    // When to choose again although nothing happens; timer_off: never.
    [[nodiscard]] Nanos deadline() const;

    // From an interrupt until it is over what passes is paid by those it is for, who take their parts of it
    // one after the other, and what nobody takes by who runs.
    void interrupt(Nanos now);
    // What `u` is to be billed for all that nobody has paid for so far; 0: nothing, or not any more.
    [[nodiscard]] Nanos take_unpaid(Unit& u, Nanos now);
    void resume(Nanos now);
    // Charges a unit of this CPU, whether it runs or not, for so much time of some CPU.
    void bill(Unit& u, Nanos time);

    // A unit of this CPU is able to run.
    Notice admit(Unit& u, Nanos now, Arrival how);
    // A unit of this CPU lost the ability to run. True when it runs right now.
    bool withdraw(Unit& u, Nanos now);

    // The best unit that waits here and may move to `to`; null: none.
    [[nodiscard]] Unit* movable_to(CpuId to) const;
    // Whether a unit that waits elsewhere, and has come so far, should come here.
    bool wants(Unit const& other, s64 progress, Nanos now);
    // Moving: a unit that does not run here goes, with its progress, and one comes.
    s64 leave(Unit& u);
    void join(Unit& u, s64 progress);
};

}  // namespace sched
