// SPDX-License-Identifier: MIT
#include "kernel/domain/time.hpp"

#include <atomic>
#include <cstddef>

#include "kernel/machine/cpu.hpp"

namespace domains {
namespace {

static_assert(sizeof(vcpu_time_info) == 32);
static_assert(offsetof(vcpu_time_info, version) == 0);

constexpr u64 second = 1'000'000'000;

// One measurement for all vcpus and for ever: the counter runs at one speed and
// in step on all CPUs, and only equal words give equal answers everywhere. The
// flag says so, which lets Linux read the clock without a system call.
vcpu_time_info const& the_clock() {
    static constinit vcpu_time_info clock{};
    static constinit bool measured = false;
    if (!measured) {
        ClockScale const scale = clock_scale(machine::tsc_khz());
        clock.tsc_timestamp = machine::cycles();
        clock.system_time = static_cast<u64>(machine::now());
        clock.tsc_to_system_mul = scale.mul;
        clock.tsc_shift = scale.shift;
        clock.flags = XEN_PVCLOCK_TSC_STABLE_BIT;
        measured = true;
    }
    return clock;
}

// Readers retry while the version is odd or has changed. Other words of guest
// memory may be anything; the version is continued from what is there.
void write_versioned(u32& version, auto write_rest) {
    std::atomic_ref v{version};
    u32 const odd = v.load(std::memory_order_relaxed) | 1;
    v.store(odd, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    write_rest();
    v.store(odd + 1, std::memory_order_release);
}

constinit std::atomic<Nanos> wallclock{0};
constinit std::atomic<bool> wallclock_set{false};

Nanos wallclock_at_boot() {
    return wallclock_set.load() ? wallclock.load() : machine::wallclock_at_boot();
}

void publish_wallclock(shared_info_t& s) {
    u64 const at_boot = static_cast<u64>(wallclock_at_boot());
    u64 const seconds = at_boot / second;
    write_versioned(s.wc_version, [&] {
        s.wc_sec = static_cast<u32>(seconds);
        s.wc_sec_hi = static_cast<u32>(seconds >> 32);
        s.wc_nsec = static_cast<u32>(at_boot % second);
    });
}

}  // namespace

// The frequency is first brought between 1 and 2 GHz: then mul uses all its bits.
ClockScale clock_scale(u32 khz) {
    u64 hz = u64{khz} * 1000;
    s8 shift = 0;
    for (; hz > 2 * second; hz >>= 1)
        --shift;
    for (; hz <= second; hz <<= 1)
        ++shift;
    return {static_cast<u32>((second << 32) / hz), shift};
}

void publish_time(Vcpu& v) {
    vcpu_time_info const& clock = the_clock();
    vcpu_time_info& t = v.info->time;
    write_versioned(t.version, [&] {
        t.tsc_timestamp = clock.tsc_timestamp;
        t.system_time = clock.system_time;
        t.tsc_to_system_mul = clock.tsc_to_system_mul;
        t.tsc_shift = clock.tsc_shift;
        t.flags = clock.flags;
    });
    auto const area = v.time_area.lock();
    if (!area->registered())
        return;
    vcpu_time_info copy = clock;
    copy.version = 2;  // never changes again
    area->write(0, copy);
}

void publish_time(Domain& d) {
    for (Vcpu* const v : d.all_vcpus())
        publish_time(*v);
    publish_wallclock(*d.shared_info());
}

void set_wallclock(Nanos at_boot) {
    wallclock.store(at_boot);
    wallclock_set.store(true);
}

}  // namespace domains
