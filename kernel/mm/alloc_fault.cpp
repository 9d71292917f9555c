// SPDX-License-Identifier: MIT
// Places are noted without a lock: allocations happen under locks of many
// ranks. A place takes the first free entry and never leaves it.
#include "kernel/mm/alloc_fault.hpp"

#include <array>

namespace mm::alloc_fault {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

struct Entry {
    std::atomic<u64> address{0};  // 0: free
    std::atomic<u64> asked{0};
    std::atomic<u64> refused{0};
};

constinit std::array<Entry, most_sites> entries;
constinit std::atomic<bool> each_once{false};
constinit std::atomic<u64> still_to_pass{0};  // before one is refused; 0: none is

// Null: there are more places than entries.
Entry* entry_of(u64 address) {
    for (Entry& e : entries) {
        u64 known = e.address.load(relaxed);
        if (known == 0 && e.address.compare_exchange_strong(known, address, relaxed))
            return &e;
        if (known == address)
            return &e;
    }
    return nullptr;
}

bool is_the_nth() {
    u64 left = still_to_pass.load(relaxed);
    while (left != 0)
        if (still_to_pass.compare_exchange_weak(left, left - 1, relaxed))
            return left == 1;
    return false;
}

void arm(bool each, u64 nth) {
    stop();
    for (Entry& e : entries) {
        e.asked.store(0, relaxed);
        e.refused.store(0, relaxed);
        e.address.store(0, relaxed);
    }
    each_once.store(each, relaxed);
    still_to_pass.store(nth, relaxed);
    detail::armed.store(true, relaxed);
}

}  // namespace

bool detail::judge(u64 address) {
    Entry* const e = entry_of(address);
    if (!e)
        return false;
    bool const first = e->asked.fetch_add(1, relaxed) == 0;
    bool const refused = (first && each_once.load(relaxed)) || is_the_nth();
    if (refused)
        e->refused.fetch_add(1, relaxed);
    return refused;
}

void refuse_each() {
    arm(true, 0);
}

void refuse_nth(u64 n) {
    arm(false, n);
}

void stop() {
    detail::armed.store(false, relaxed);
}

std::optional<Site> site(u32 i) {
    if (i >= most_sites || entries[i].address.load(relaxed) == 0)
        return std::nullopt;
    Entry const& e = entries[i];
    return Site{e.address.load(relaxed), e.asked.load(relaxed), e.refused.load(relaxed)};
}

}  // namespace mm::alloc_fault
