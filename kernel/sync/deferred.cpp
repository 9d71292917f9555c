// SPDX-License-Identifier: MIT
#include "kernel/sync/deferred.hpp"

#include "kernel/machine/cpu.hpp"

namespace {

constinit std::atomic<Deferred*> requested{nullptr};

}  // namespace

void Deferred::request() {
    if (queued_.exchange(true))
        return;
    next_ = requested.load();
    while (!requested.compare_exchange_weak(next_, this)) {
    }
    machine::kick(machine::this_cpu());
}

void Deferred::run_all() {
    if (requested.load(std::memory_order_relaxed) == nullptr) [[likely]]
        return;
    Deferred* work = requested.exchange(nullptr);
    while (work) {
        // From here on it may be asked for, and linked, again.
        Deferred* const next = work->next_;
        work->queued_ = false;
        work->run_();
        work = next;
    }
}
