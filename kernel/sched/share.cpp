// SPDX-License-Identifier: MIT
#include "kernel/sched/share.hpp"

#include <algorithm>

namespace sched {

void Share::set(u32 weight, u32 cap) {
    weight_.store(std::max(weight, u32{1}));
    cap_.store(cap);
}

// Clocks of two CPUs may be read in one order and arrive here in the other.
void Share::able_changed(bool able, Nanos now) {
    if (vcpus_ == 1)
        return;
    auto books = books_.lock();
    Nanos const passed = std::max<Nanos>(now - books->since, 0);
    books->able_sum += passed * books->able;
    books->since += passed;
    books->able += able ? 1 : -1;
}

Nanos Share::able_time(Nanos now) {
    if (vcpus_ == 1)
        return now;  // asked only about time in which the vcpu was able to run
    auto const books = books_.lock();
    return books->able_sum + std::max<Nanos>(now - books->since, 0) * books->able;
}

s64 Share::price(Nanos time) {
    return price_of(vcpus_ == 1 ? time : time * books_.lock()->able);
}

// The windows' budgets are given out in pieces, so that vcpus on several CPUs
// all get some.
Nanos Share::reserve(Nanos now) {
    constexpr Nanos least_piece = 100'000;
    Nanos const all = allowance();
    auto books = books_.lock();
    if (s64 const window = now / cap_window; window > books->window) {
        // A debt is at most what few windows pay back; saving up is not possible.
        Nanos const debt = std::min<Nanos>(books->budget, 0);
        s64 const passed = std::min<s64>(window - books->window, -debt / std::max<Nanos>(all, 1) + 1);
        books->budget = std::min(debt + passed * all, all);
        books->window = window;
    }
    Nanos const piece = std::clamp<Nanos>(books->budget, 0, std::max(all / vcpus_, least_piece));
    books->budget -= piece;
    return piece;
}

void Share::settle(Nanos unused) {
    if (unused != 0)
        books_.lock()->budget += unused;
}

}  // namespace sched
