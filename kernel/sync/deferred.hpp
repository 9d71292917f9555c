// SPDX-License-Identifier: MIT
// Work for later, when nothing is half done: it runs on a CPU's way back to a
// guest or while it is idle, never inside an operation that has opened the
// interrupt window. Interrupt handlers ask for it.
#pragma once

#include <atomic>

class Deferred {
    void (*run_)();
    std::atomic<bool> queued_{false};
    Deferred* next_ = nullptr;

  public:
    constexpr explicit Deferred(void (*run)()) : run_{run} {}
    Deferred(Deferred const&) = delete;
    Deferred& operator=(Deferred const&) = delete;

    // Asking twice before it runs is asking once.
    void request();

    // For the machine, where it is safe: runs what was asked for.
    static void run_all();
};
