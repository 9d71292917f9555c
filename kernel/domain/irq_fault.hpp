// SPDX-License-Identifier: MIT
// Interrupts of devices that are lost on purpose, to see what their drivers make
// of it. Every interrupt on its way to a domain asks here; off, as it is unless
// an operator turns it on, that is one load.
#pragma once

#include <atomic>

#include "kernel/base/types.hpp"

namespace evtchn::irq_fault {

// Of the victim's interrupts every n-th, from 1, until so many are lost. What was
// asked for before is forgotten.
void lose(DomId victim, u64 every, u64 times);
void stop();
// By what was asked for last.
[[nodiscard]] u64 lost();

namespace detail {
// Changed by an operator, read by every CPU at any time.
inline constinit std::atomic<bool> armed{false};
bool judge(DomId owner);
}  // namespace detail

// Whether this one, for `owner`, is to be lost.
inline bool strikes(DomId owner) {
    return detail::armed.load(std::memory_order_relaxed) && detail::judge(owner);
}

}  // namespace evtchn::irq_fault
