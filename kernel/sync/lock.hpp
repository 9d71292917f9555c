// SPDX-License-Identifier: MIT
// Locks that own their data and know their place in the order. A lock may be
// taken only while every lock held by this CPU has a higher rank; a wrong
// order stops the machine at once, with one CPU as with many.
#pragma once

#include <array>
#include <atomic>
#include <string_view>
#include <utility>

#include "kernel/machine/cpu.hpp"
#include "kernel/sync/assert.hpp"

// The lock order of the hypervisor, first taken to last taken.
enum class Rank : u8 {
    monitor,       // the one session of the monitor
    domain,        // life cycle and memory reservation of one domain
    grant,         // one domain's grant table
    maptrack,      // one domain's handles
    evtchn,        // one domain's event channels
    irq,           // physical interrupt bindings
    irq_line,      // the machine's side of them: vectors and masks
    rcu,           // not a lock: reading without one (rcu.hpp)
    runqueue,      // one CPU's run queue and timers
    share,         // what a domain's vcpus have used of its share
    device_map,    // the hypervisor's mappings of device memory
    guest_area,    // what a vcpu has registered for its runstate and time
    page_list,     // one domain's list of frames
    heap,          // the frame allocator
    console_text,  // one domain's unfinished line
    console,       // the serial line
};
inline constexpr usize rank_count = static_cast<usize>(Rank::console) + 1;
inline constexpr std::array<std::string_view, rank_count> rank_names{
    "monitor",  "domain", "grant",      "maptrack",   "evtchn",    "irq",  "irq_line",     "rcu",
    "runqueue", "share",  "device_map", "guest_area", "page_list", "heap", "console_text", "console"};
static_assert(rank_names.back() == "console");

// How often a CPU found a lock of this rank taken and had to wait.
namespace lock_waits {
void note(Rank r);
u64 of(Rank r);
}  // namespace lock_waits

namespace lock_order {
#ifdef GRANITE_NO_RANK_CHECK
inline void take(Rank, bool) {}
inline void drop(Rank, bool) {}
#else
// A bit per rank held; second locks of one rank (lock_both) are counted apart.
u32& held();
inline void take(Rank r, bool second) {
    if (second)
        return;
    u32 const bit = u32{1} << static_cast<unsigned>(r);
    ASSERT(held() < bit);
    held() |= bit;
}
inline void drop(Rank r, bool second) {
    if (!second)
        held() &= ~(u32{1} << static_cast<unsigned>(r));
}
#endif
}  // namespace lock_order

// Fair: served in order of arrival.
class TicketLock {
    std::atomic<u32> next_{0};
    std::atomic<u32> serving_{0};

    [[gnu::noinline, gnu::cold]] void wait_for(u32 mine) const {
        do
            machine::relax();
        while (serving_.load(std::memory_order_acquire) != mine);
    }

  public:
    // True when it had to wait.
    bool acquire() {
        u32 const mine = next_.fetch_add(1, std::memory_order_relaxed);
        if (serving_.load(std::memory_order_acquire) == mine) [[likely]]
            return false;
        wait_for(mine);
        return true;
    }
    void release() {
        serving_.store(serving_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
    [[nodiscard]] bool held() const {
        return serving_.load(std::memory_order_relaxed) != next_.load(std::memory_order_relaxed);
    }
};

// Data that can be reached only under its lock.
template <class T, Rank R>
class Locked {
    mutable TicketLock lock_;
    T value_{};

  public:
    class Guard {
        Locked* l_;
        bool second_;

      public:
        explicit Guard(Locked& l, bool second = false) : l_{&l}, second_{second} {
            lock_order::take(R, second_);
            if (l_->lock_.acquire())
                lock_waits::note(R);
        }
        Guard(Guard&& o) noexcept : l_{std::exchange(o.l_, nullptr)}, second_{o.second_} {}
        Guard& operator=(Guard&&) = delete;
        ~Guard() { unlock(); }
        void unlock() {
            if (!l_)
                return;
            l_->lock_.release();
            lock_order::drop(R, second_);
            l_ = nullptr;
        }
        T* operator->() const { return &l_->value_; }
        T& operator*() const { return l_->value_; }
    };

    Locked() = default;
    template <class... A>
    explicit Locked(std::in_place_t, A&&... a) : value_{std::forward<A>(a)...} {}
    Locked(Locked const&) = delete;
    Locked& operator=(Locked const&) = delete;

    [[nodiscard]] Guard lock() { return Guard{*this}; }
    [[nodiscard]] Guard lock_second() { return Guard{*this, true}; }
    // For constructors and the monitor after a panic, when no other CPU runs; and
    // for readers of what in T is atomic.
    T& unlocked() { return value_; }
};

// Two locks of one rank, always in the same order of their owners' ids.
template <class T, Rank R, class F>
auto with_both(Locked<T, R>& a, unsigned id_a, Locked<T, R>& b, unsigned id_b, F&& f) {
    if (&a == &b) {
        auto g = a.lock();
        return f(*g, *g);
    }
    if (id_a < id_b) {
        auto ga = a.lock();
        auto gb = b.lock_second();
        return f(*ga, *gb);
    }
    auto gb = b.lock();
    auto ga = a.lock_second();
    return f(*ga, *gb);
}
