// SPDX-License-Identifier: MIT
// A profile of the whole machine by sampling: at a steady rate each CPU notes
// where it is, in which domain or in the hypervisor. Off, it costs nothing.
#pragma once

#include <span>

#include "kernel/base/result.hpp"
#include "kernel/profile/sample_table.hpp"

namespace profile {

// Place::who is a domain's id, or one of these.
inline constexpr u32 hypervisor = 1u << 16, idle = 1u << 17;

// Forgets what there is, and samples until stop(). nomem; nodev: this machine
// cannot; busy, for both: another CPU starts or stops it right now.
Result<> start();
Result<> stop();
[[nodiscard]] bool running();

// For the machine, from an NMI: nothing is locked or allocated.
void sample(Place const& place);

// Calls f(place, count) for what was seen since the last start(), a portion at a
// time: the one at `from`. False: there are no more from here on.
template <class F>
bool for_some(usize from, F f);
inline constexpr usize portion = 64;  // what `from` grows by
[[nodiscard]] u64 crowded();

namespace detail {
// Each CPU's table; null until the first start.
std::span<std::atomic<SampleTable*> const> tables();
[[nodiscard]] u32 current_run();
}  // namespace detail

template <class F>
bool for_some(usize from, F f) {
    constexpr usize portions = (SampleTable::slots + portion - 1) / portion;
    usize const table = from / portion / portions;
    if (table >= detail::tables().size())
        return false;
    if (SampleTable const* const t = detail::tables()[table].load())
        t->for_each(detail::current_run(), from / portion % portions * portion, portion, f);
    return true;
}

}  // namespace profile
