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

// What was seen since the last start().
template <class F>
void for_each(F f);
[[nodiscard]] u64 crowded();

namespace detail {
// Each CPU's table; null until the first start.
std::span<std::atomic<SampleTable*> const> tables();
[[nodiscard]] u32 current_run();
}  // namespace detail

template <class F>
void for_each(F f) {
    for (auto const& table : detail::tables())
        if (SampleTable const* const t = table.load())
            t->for_each(detail::current_run(), f);
}

}  // namespace profile
