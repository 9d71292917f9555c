// SPDX-License-Identifier: MIT
// Where one CPU was seen, and how often. It alone writes, at any time, even
// while it reads this itself; others read meanwhile. Nobody waits.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <span>

#include "kernel/base/types.hpp"

namespace profile {

struct Place {
    u32 who;  // see profile.hpp
    u64 address;
    friend bool operator==(Place const&, Place const&) = default;
};

class SampleTable {
  public:
    // One more at `place`, in this run; what an earlier run left is forgotten.
    void add(u32 run, Place place) {
        if (run_.load(std::memory_order_relaxed) != run)
            begin(run);
        for (usize probe = 0, at = first_slot(place); probe < most_probes; ++probe, at = (at + 1) % slots)
            if (slots_[at].take(place))
                return;
        crowded_.store(crowded_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }

    // f(place, count) for each place of the run, in the next `most` slots from `from` on.
    template <class F>
    void for_each(u32 run, usize from, usize most, F f) const {
        if (run_.load(std::memory_order_acquire) != run)
            return;
        for (Slot const& s : std::span{slots_}.subspan(from, std::min(most, slots - from)))
            if (u32 const n = s.count.load(std::memory_order_acquire); n != 0)
                f(Place{s.who.load(std::memory_order_relaxed), s.address.load(std::memory_order_relaxed)}, n);
    }
    // Samples of the run that found no room.
    [[nodiscard]] u32 crowded(u32 run) const {
        return run_.load(std::memory_order_acquire) == run ? crowded_.load(std::memory_order_relaxed) : 0;
    }

    static constexpr usize slots = 4095;  // with the head: 64 KiB

  private:
    static constexpr usize most_probes = 32;

    // `count` is written last and read first; 0: the slot is free.
    struct Slot {
        std::atomic<u64> address{0};
        std::atomic<u32> who{0};
        std::atomic<u32> count{0};

        bool take(Place const& p) {
            u32 const n = count.load(std::memory_order_relaxed);
            if (n == 0) {
                address.store(p.address, std::memory_order_relaxed);
                who.store(p.who, std::memory_order_relaxed);
            } else if (p !=
                       Place{who.load(std::memory_order_relaxed), address.load(std::memory_order_relaxed)}) {
                return false;
            }
            count.store(n + 1, std::memory_order_release);
            return true;
        }
    };

    static usize first_slot(Place const& p) {
        constexpr u64 golden = 0x9e37'79b9'7f4a'7c15;  // 2^64 over the golden ratio
        return static_cast<usize>(((p.address ^ u64{p.who} << 48) * golden >> 32) % slots);
    }

    void begin(u32 run) {
        run_.store(0, std::memory_order_relaxed);
        for (Slot& s : slots_)
            s.count.store(0, std::memory_order_relaxed);
        crowded_.store(0, std::memory_order_relaxed);
        run_.store(run, std::memory_order_release);
    }

    std::atomic<u32> run_{0};
    std::atomic<u32> crowded_{0};
    std::array<Slot, slots> slots_{};
};
static_assert(sizeof(SampleTable) <= 16 * page_size);

}  // namespace profile
