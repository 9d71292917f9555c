// SPDX-License-Identifier: MIT
#include "guest-pv/rt/time.hpp"

#include <atomic>

#include "guest-pv/rt/boot.hpp"

namespace rt {

namespace {

u64 read_tsc() {
    u32 low = 0;
    u32 high = 0;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return u64{high} << 32 | low;
}

// A reader's private copy of a record whose writer makes `version` odd while
// it writes.
template <class Record>
Record consistent(Record const volatile& shared, u32 const volatile& version) {
    for (;;) {
        u32 const before = version;
        std::atomic_signal_fence(std::memory_order_acq_rel);
        Record const copy = const_cast<Record const&>(shared);
        std::atomic_signal_fence(std::memory_order_acq_rel);
        if (before % 2 == 0 && before == version)
            return copy;
    }
}

struct WallClock {
    u32 version, seconds, nanoseconds, seconds_high;
};

}  // namespace

Nanos now() {
    auto const& shared = shared_info().vcpu_info[0].time;
    auto const clock = consistent(shared, shared.version);
    u64 const ticks = read_tsc() - clock.tsc_timestamp;
    u64 const scaled = clock.tsc_shift < 0 ? ticks >> -clock.tsc_shift : ticks << clock.tsc_shift;
    auto const elapsed = static_cast<unsigned __int128>(scaled) * clock.tsc_to_system_mul >> 32;
    return static_cast<Nanos>(clock.system_time + static_cast<u64>(elapsed));
}

u64 ticks_in(Nanos span) {
    auto const& shared = shared_info().vcpu_info[0].time;
    auto const clock = consistent(shared, shared.version);
    auto const scaled = (static_cast<unsigned __int128>(span) << 32) / clock.tsc_to_system_mul;
    return static_cast<u64>(clock.tsc_shift < 0 ? scaled << -clock.tsc_shift : scaled >> clock.tsc_shift);
}

Nanos wall_clock() {
    auto const& shared = *reinterpret_cast<WallClock const volatile*>(&shared_info().wc_version);
    auto const clock = consistent(shared, shared.version);
    u64 const seconds = u64{clock.seconds_high} << 32 | clock.seconds;
    return static_cast<Nanos>(seconds) * second + clock.nanoseconds + now();
}

}  // namespace rt
