// SPDX-License-Identifier: MIT
#include "kernel/profile/profile.hpp"

#include "kernel/machine/cpu.hpp"
#include "kernel/machine/sampling.hpp"
#include "kernel/mm/heap.hpp"

namespace profile {
namespace {

// Not in step with anything that happens every so many milliseconds.
constexpr u32 samples_per_second = 997;

constinit std::array<std::atomic<SampleTable*>, machine::max_cpus> tables{};
constinit std::atomic<u32> run{0};  // counts starts; 0: there was none
constinit std::atomic<bool> sampling{false};
constinit std::atomic<bool> changing{false};  // by whoever starts or stops it

// Tables are kept for good: an NMI may be writing at any time.
Result<> make_tables() {
    for (u32 cpu = 0; cpu < machine::online_cpus(); ++cpu)
        if (!tables[cpu].load())
            tables[cpu].store(TRY(mm::heap_new<SampleTable>()));
    return {};
}

Result<> start_run() {
    TRY_VOID(make_tables());
    run.fetch_add(1);
    TRY_VOID(machine::start_sampling(samples_per_second));
    sampling.store(true);
    return {};
}

}  // namespace

Result<> start() {
    if (changing.exchange(true))
        return Fail{Errno::busy};
    if (sampling.exchange(false))
        machine::stop_sampling();
    Result<> const started = start_run();
    changing.store(false);
    return started;
}

Result<> stop() {
    if (changing.exchange(true))
        return Fail{Errno::busy};
    if (sampling.exchange(false))
        machine::stop_sampling();
    changing.store(false);
    return {};
}

bool running() {
    return sampling.load();
}

void sample(Place const& place) {
    if (SampleTable* const t = tables[machine::this_cpu().raw()].load())
        t->add(run.load(std::memory_order_relaxed), place);
}

u64 crowded() {
    u64 sum = 0;
    for (auto const& table : tables)
        if (SampleTable const* const t = table.load())
            sum += t->crowded(run.load());
    return sum;
}

namespace detail {
std::span<std::atomic<SampleTable*> const> tables() {
    return profile::tables;
}
u32 current_run() {
    return run.load();
}
}  // namespace detail

}  // namespace profile
