// SPDX-License-Identifier: MIT
// Counted without a lock: interrupts come on any CPU, under locks of many ranks.
#include "kernel/domain/irq_fault.hpp"

namespace evtchn::irq_fault {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

constinit std::atomic<u32> victim_id{0};
constinit std::atomic<u64> interval{1};
constinit std::atomic<u64> most{0};
constinit std::atomic<u64> seen{0};
constinit std::atomic<u64> taken{0};

bool take_one() {
    u64 so_far = taken.load(relaxed);
    while (so_far < most.load(relaxed))
        if (taken.compare_exchange_weak(so_far, so_far + 1, relaxed))
            return true;
    return false;
}

}  // namespace

bool detail::judge(DomId owner) {
    if (owner.raw() != victim_id.load(relaxed))
        return false;
    return (seen.fetch_add(1, relaxed) + 1) % interval.load(relaxed) == 0 && take_one();
}

void lose(DomId victim, u64 every, u64 times) {
    stop();
    victim_id.store(victim.raw(), relaxed);
    interval.store(every, relaxed);
    most.store(times, relaxed);
    seen.store(0, relaxed);
    taken.store(0, relaxed);
    detail::armed.store(true, relaxed);
}

void stop() {
    detail::armed.store(false, relaxed);
}

u64 lost() {
    return taken.load(relaxed);
}

}  // namespace evtchn::irq_fault
