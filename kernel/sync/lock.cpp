// SPDX-License-Identifier: MIT
#include "kernel/sync/lock.hpp"

namespace lock_waits {
namespace {

constinit std::array<std::atomic<u64>, rank_count> counts{};

}  // namespace

void note(Rank r) {
    counts[static_cast<usize>(r)].fetch_add(1, std::memory_order_relaxed);
}

u64 of(Rank r) {
    return counts[static_cast<usize>(r)].load(std::memory_order_relaxed);
}

}  // namespace lock_waits
