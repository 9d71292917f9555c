// SPDX-License-Identifier: MIT
#include "kernel/sync/rcu.hpp"

#include <array>
#include <atomic>

#include "kernel/sync/lock.hpp"

namespace {

// Odd while the CPU reads. Only the CPU itself writes it, with interrupts off.
struct alignas(64) Passage {
    std::atomic<u64> count{0};

    [[nodiscard]] bool reading(u64 seen) const { return seen % 2 != 0 && count.load() == seen; }
};

constinit std::array<Passage, machine::max_cpus> passages{};

std::atomic<u64>& mine() {
    return passages[machine::this_cpu().raw()].count;
}

}  // namespace

// Either synchronize() sees this count, and waits; or it looked before that, so
// what it replaced was replaced before we look for it. Hence the exchange, which
// no later load overtakes.
RcuReader::RcuReader() {
    lock_order::take(Rank::rcu, false);
    auto& count = mine();
    count.exchange(count.load(std::memory_order_relaxed) + 1);
}

RcuReader::~RcuReader() {
    auto& count = mine();
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    lock_order::drop(Rank::rcu, false);
}

// Holding the rank meanwhile checks two promises: this CPU is no reader, and it
// has no lock that a reader may wait for.
void rcu::synchronize() {
    lock_order::take(Rank::rcu, false);
    for (Passage const& p : passages) {
        u64 const seen = p.count.load();
        while (p.reading(seen))
            machine::relax();
    }
    lock_order::drop(Rank::rcu, false);
}
