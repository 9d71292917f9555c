// SPDX-License-Identifier: MIT
#include "arch/platform/clock.hpp"

#include <algorithm>

#include "arch/cpu/features.hpp"
#include "arch/platform/local_apic.hpp"
#include "arch/platform/rtc.hpp"
#include "arch/platform/time_scale.hpp"
#include "kernel/base/log.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/machine/cpu.hpp"

namespace arch {
namespace {

constinit u32 khz = 0;
constinit u64 start = 0;  // TSC at system time 0
constinit TimeScale tsc_scale;
constinit TimeScale apic_scale;  // of the counting APIC timer
constinit Nanos boot_wallclock = 0;

constexpr u64 measured_part = 50;  // of a second: 20 ms
constexpr unsigned reads_until_dead = 1000000;
constexpr Nanos nanos_per_second = 1000000000;

u64 read_tsc() {
    u32 lo = 0, hi = 0;
    asm volatile("lfence\n\trdtsc" : "=a"(lo), "=d"(hi)::"memory");
    return u64{hi} << 32 | lo;
}

// TSC cycles that pass while the reference counts for 1/measured_part second.
u32 measure_khz(ReferenceClock const& clock) {
    u64 const wanted = clock.hz / measured_part;
    u32 last = clock.read();
    u64 const from = read_tsc();
    u64 elapsed = 0;
    for (unsigned unchanged = 0; elapsed < wanted && unchanged < reads_until_dead;) {
        u32 const now = clock.read();
        unchanged = now == last ? unchanged + 1 : 0;
        elapsed += (now - last) & clock.mask;
        last = now;
    }
    if (elapsed < wanted)
        return 0;
    return static_cast<u32>((read_tsc() - from) * clock.hz / elapsed / 1000);
}

// Ticks of the counting timer in 10 ms of TSC time.
u32 measure_apic_khz() {
    constexpr u64 millis = 10;
    local_apic::set_count(~u32{0});
    spin(millis * 1000);
    u32 const ticks = ~u32{0} - local_apic::current_count();
    local_apic::set_count(0);
    return static_cast<u32>(ticks / millis);
}

}  // namespace

void init_clock(ReferenceClock const& reference) {
    khz = measure_khz(reference);
    if (khz == 0)
        machine::panic("the reference clock does not count");
    tsc_scale = TimeScale{khz};
    start = read_tsc();
    boot_wallclock = read_rtc_seconds() * nanos_per_second - machine::now();
    log("TSC {} kHz by {}{}", khz, reference.name, features.invariant_tsc ? ", invariant" : "");
}

void init_cpu_timer() {
    if (features.tsc_deadline)
        local_apic::use_deadline_timer();
    else
        local_apic::use_count_timer();
}

void init_timer() {
    init_cpu_timer();
    if (features.tsc_deadline)
        return;
    u32 const apic_khz = measure_apic_khz();
    if (apic_khz == 0)
        machine::panic("the APIC timer does not count");
    apic_scale = TimeScale{apic_khz};
    log("APIC timer {} kHz", apic_khz);
}

void spin(u64 micros) {
    u64 const end = read_tsc() + tsc_scale.cycles(micros * 1000);
    while (read_tsc() < end)
        asm volatile("pause");
}

}  // namespace arch

namespace machine {

u64 cycles() {
    return arch::read_tsc();
}
u32 tsc_khz() {
    return arch::khz;
}
Nanos now() {
    return static_cast<Nanos>(arch::tsc_scale.nanos(arch::read_tsc() - arch::start));
}
Nanos wallclock_at_boot() {
    return arch::boot_wallclock;
}

void set_timer(Nanos deadline) {
    using namespace arch;
    if (features.tsc_deadline) {
        // 0 disarms; a deadline in the past fires at once.
        u64 const at = start + tsc_scale.cycles(static_cast<u64>(std::max<Nanos>(deadline, 1)));
        local_apic::set_deadline(deadline == timer_off ? 0 : at);
        return;
    }
    if (deadline == timer_off) {
        local_apic::set_count(0);
        return;
    }
    // A deadline farther away than the counter reaches fires early; whoever
    // looks then finds nothing due and sets it again.
    u64 const left = static_cast<u64>(std::max<Nanos>(deadline - now(), 0));
    u64 const ticks = std::clamp<u64>(apic_scale.cycles(left), 1, ~u32{0});
    local_apic::set_count(static_cast<u32>(ticks));
}

}  // namespace machine
