// SPDX-License-Identifier: MIT
// From registers to typed handlers and back. hypercalls.inc is the list.
#pragma once

#include <array>
#include <atomic>
#include <span>
#include <string_view>

#include "kernel/base/nospec.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/trace/event.hpp"

namespace hypercall {

inline constexpr unsigned table_size = 64;
inline constexpr unsigned max_args = 6;

using Args = std::array<u64, max_args>;

// A handler as the table knows it. None takes more than five arguments; with
// the vcpu before them they all travel in registers.
using Handler = Answer (*)(Vcpu&, u64, u64, u64, u64, u64);

using Table = std::array<Handler, table_size>;
extern Table const table;
// The one in use: `table`, or while calls are traced or their stretches measured
// one that notes each of them. So calls pay nothing for it.
extern std::atomic<Table const*> table_in_use;
// trace::start() and stop() tell the kinds that are wanted.
void follow_trace(trace::Kinds kinds);
// The same of stretches.
void follow_stretches(bool on);

// How often each call was made, on each physical CPU.
using Counts = std::array<u64, table_size>;
extern std::array<Counts, machine::max_cpus> counts;

// What stands for calls that there are not.
Answer no_such_call(Vcpu&, u64, u64, u64, u64, u64);

inline void count(Vcpu& v, u64 nr) {
    ++v.hypercalls;
    ++counts[machine::this_cpu().raw()][nr];
}

// The handler of call `nr`, counted as made by `v`.
inline Handler find(Vcpu& v, u64 nr) {
    if (nr >= table_size) [[unlikely]]
        return no_such_call;
    nr = nospec::index(nr, table_size);
    count(v, nr);
    return (*table_in_use.load(std::memory_order_relaxed))[nr];
}

// What becomes of a call: what RAX gets, or `args` with which to restart it.
struct Outcome {
    bool restart = false;
    u64 value = 0;
};
// Of one that failed; `args` are those it was called with.
Outcome settle_failed(Vcpu& v, u64 nr, Errno error, Args& args);
// All of the way, for who has the arguments in one place.
Outcome dispatch(Vcpu& v, u64 nr, Args& args);

// A handler that returns Errno::restart first says with which arguments the
// rest is to be done; without that call they stay as they were.
void continue_with(std::span<u64 const> args);
template <class... A>
void continue_with_args(A... a) {
    std::array<u64, sizeof...(A)> const v{static_cast<u64>(a)...};
    continue_with(v);
}

// "" for numbers without a name.
std::string_view name(u64 nr);
// How often each was called since start-up.
u64 calls(u64 nr);

}  // namespace hypercall
